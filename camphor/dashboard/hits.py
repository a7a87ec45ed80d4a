"""What was found, as a page shows it: what it is, where it stands, and where it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from camphor.consultations.models import Consultation
from camphor.conversations.models import Statement
from camphor.dashboard.addresses import desk_url
from camphor.kit.fields import label_of
from camphor.matters.models import Matter, Reply
from camphor.people.actor import Actor
from camphor.rules.matters import MATTERS
from camphor.search.models import Document
from camphor.search.query import Query
from camphor.search.snippets import marked, snippet
from camphor.trail.models import Link

OTHER_KINDS = {"reply": gettext_noop("Answer"), "statement": gettext_noop("Statement")}
"""What can be found beside the kinds of matter."""
RELATED: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "matter": (Matter, ("body",)),
    "reply": (Reply, ("assignment__matter", "assignment__handler")),
    "statement": (Statement, ("conversation__body",)),
}


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    kind: str
    title: SafeString
    text: SafeString
    where: str
    day: date
    word: str
    tone: str
    url: str


def kinds() -> dict[str, str]:
    """The label of every kind of thing that can be found."""
    return {kind.name: label_of(MATTERS, kind.name) for kind in MATTERS.values()} | {
        name: _(label) for name, label in OTHER_KINDS.items()
    }


def hits(documents: Iterable[Document], query: Query, actor: Actor, *, on: date) -> list[Hit]:
    """The documents, which this actor may see, as the page shows them."""
    found = [document.pk for document in documents]
    read = Document.objects.defer("words").in_bulk(found)
    documents = [read[key] for key in found if key in read]
    things = _things(documents)
    concerns = [one.pk for one in things.values() if isinstance(one, Matter) and one.kind == "concern"]
    on_desk = bool(actor.memberships(on))
    plans = {} if on_desk or not concerns else _consultations(concerns)
    public = set() if on_desk else _public(things.values())
    shown = []
    for document in documents:
        thing = things.get((document.source, document.subject_id))
        if thing is not None:
            url = _desk_address(thing) if on_desk else _address(thing, plans, public)
            shown.append(TOLD[type(thing)](thing, document, query, url, on))
    return shown


def _things(documents: list[Document]) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    for source, (model, related) in RELATED.items():
        if keys := [document.subject_id for document in documents if document.source == source]:
            rows = model._default_manager.select_related(*related).in_bulk(keys)
            found.update({(source, key): row for key, row in rows.items()})
    return found


def _consultations(concerns: list[int]) -> dict[int, int]:
    """The public consultation that each of these concerns led to."""
    types = ContentType.objects.get_for_models(Matter, Consultation)
    links = Link.objects.filter(
        how="led_to",
        source_type=types[Matter],
        source_id__in=concerns,
        target_type=types[Consultation],
        target_id__in=Consultation.objects.public().values("pk"),
    )
    return dict(links.order_by("pk").values_list("source_id", "target_id"))


def _public(things: Iterable[Any]) -> set[int]:
    """The matters among these, and those that were answered in them, which are public."""
    matters = {thing.assignment.matter_id if isinstance(thing, Reply) else thing.pk
               for thing in things if isinstance(thing, Matter | Reply)}  # fmt: skip
    return set(Matter.objects.public().filter(pk__in=matters).order_by().values_list("pk", flat=True))


def _address(thing: Any, plans: dict[int, int], public: set[int]) -> str:
    """The public page of a thing, or of what it came to; none where it has none."""
    if isinstance(thing, Reply):
        return _address(thing.assignment.matter, plans, public)
    if isinstance(thing, Statement):
        return reverse("talk", args=[thing.conversation_id])
    if page := MATTERS[thing.kind].page:
        return reverse(page, args=[thing.pk]) if thing.pk in public else ""
    return reverse("consultation", args=[plans[thing.pk]]) if thing.pk in plans else ""


def _desk_address(thing: Any) -> str:
    return desk_url(thing.assignment.matter if isinstance(thing, Reply) else thing)


def _matter(thing: Matter, document: Document, query: Query, url: str, on: date) -> Hit:
    word, tone = thing.status(on)
    return Hit(
        label_of(MATTERS, thing.kind),
        marked(document.title, query),
        snippet(document.text, query),
        thing.body.name,
        document.day,
        word,
        tone,
        url,
    )


def _reply(thing: Reply, document: Document, query: Query, url: str, on: date) -> Hit:
    about = thing.assignment.matter.title
    return Hit(
        _("Answer"),
        marked(about, query),
        snippet(document.text, query),
        thing.assignment.handler.name,
        document.day,
        "",
        "",
        url,
    )


def _statement(thing: Statement, document: Document, query: Query, url: str, on: date) -> Hit:
    word, tone = ("", "") if thing.is_public else thing.state_row
    title = marked(thing.conversation.title, query)
    return Hit(
        _("Statement"),
        title,
        marked(document.text, query),
        thing.conversation.body.name,
        document.day,
        word,
        tone,
        url,
    )


TOLD: dict[type, Callable[[Any, Document, Query, str, date], Hit]] = {
    Matter: _matter,
    Reply: _reply,
    Statement: _statement,
}
