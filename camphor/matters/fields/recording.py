"""The fields for records: contacts, destinations, instructions, pictures, and what is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camphor.kit.files import KeptFileField
from camphor.kit.nouns import Asking, FieldMaker
from camphor.kit.plain_text import PlainLineField
from camphor.kit.words import LongChoices, choice, day, long_text
from camphor.matters.evidence import MOST_BYTES, NotAPicture, NotAScan, redrawn, scanned, waited
from camphor.matters.models import Assignment, Dispatch, Matter
from camphor.matters.published_text import joined
from camphor.matters.redaction import redacted
from camphor.matters.writing import hidden_names
from camphor.people.models import Membership, Person
from camphor.rules.matters import DESTINATIONS, KEY_LEVELS, MANNERS, OPENNESS, PHASES, SUPERVISIONS, WAYS
from camphor.trail.shelf import PersonalShelf

PICTURES = "image/jpeg,image/png,image/webp"
SCANS = {
    "seal": gettext_lazy("Scan of the sealed or signed sheet"),
    "attach": gettext_lazy("File, as PDF or picture"),
}
"""What a scan is called, by the move that it is handed in with."""


def photo(asking: Asking) -> Mapping[str, forms.Field]:
    field = KeptFileField(
        label=gettext_lazy("Photo"),
        required=False,
        accept=PICTURES,
        read=read_photo,
        again=waited,
        shelf=_shelf(asking, "photo"),
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 12 MB. Place and time in the file are removed."),
    )
    return {"photo": field}


def scan(asking: Asking) -> Mapping[str, forms.Field]:
    field = KeptFileField(
        label=SCANS.get(asking.move.name, gettext_lazy("Scan of the paper that was signed")),
        accept=f"application/pdf,{PICTURES}",
        read=read_scan,
        again=waited,
        shelf=_shelf(asking, "scan"),
        help_text=gettext_lazy("PDF, JPEG, PNG or WebP, up to 12 MB. Only those who may see this see it."),
    )
    return {"scan": field}


def _shelf(asking: Asking, name: str) -> PersonalShelf | None:
    """Where the file waits if the form comes back: for this move with this thing, and for nothing else."""
    if asking.actor.person is None:
        return None
    thing = asking.thing
    what = f"{type(thing).__name__}:{thing.pk or getattr(thing, 'kind', '')}:{asking.move.name}:{name}"
    return PersonalShelf(asking.actor.person, what, asking.at)


def read_photo(sent: UploadedFile[Any]) -> bytes:
    if (sent.size or 0) > MOST_BYTES:
        raise forms.ValidationError(_("The photo is larger than 12 MB."))
    try:
        return redrawn(sent.read())
    except NotAPicture as cause:
        raise forms.ValidationError(_("This is no picture that can be read.")) from cause


def read_scan(sent: UploadedFile[Any]) -> bytes:
    if (sent.size or 0) > MOST_BYTES:
        raise forms.ValidationError(_("The file is larger than 12 MB."))
    try:
        return scanned(sent.read())
    except NotAScan as cause:
        said = _("This is neither a picture nor a plain PDF that can be read. Please scan it again, or "
                 "save it as PDF.")  # fmt: skip
        raise forms.ValidationError(said) from cause


def seen_on(asking: Asking) -> Mapping[str, forms.Field]:
    return {"seen_on": day(gettext_lazy("Looked at on the spot on"), initial=asking.on)}


def text_line(
    name: str, label: Any, *, required: bool = False, longest: int = 100
) -> Mapping[str, forms.Field]:
    return {name: PlainLineField(label=label, max_length=longest, required=required)}


def phase(asking: Asking) -> Mapping[str, forms.Field]:
    return {"phase": choice(PHASES, gettext_lazy("When"))}


def way(asking: Asking) -> Mapping[str, forms.Field]:
    return {"way": choice(WAYS, gettext_lazy("In which way"))}


def supervision(asking: Asking) -> Mapping[str, forms.Field]:
    return {"supervision": choice(SUPERVISIONS, gettext_lazy("Form of the supervision"))}


def key_level(asking: Asking) -> Mapping[str, forms.Field]:
    return {"key_level": choice(KEY_LEVELS, gettext_lazy("Level"))}


def held_on(asking: Asking) -> Mapping[str, forms.Field]:
    return {"held_on": day(gettext_lazy("Day on which it happened"), initial=asking.on)}


def next_on(asking: Asking) -> Mapping[str, forms.Field]:
    return {"next_on": day(gettext_lazy("To be looked at again on"), required=False)}


def led_by(asking: Asking) -> Mapping[str, forms.Field]:
    return text_line("led_by", gettext_lazy("Leader"), required="led_by" in asking.move.insists)


def people(asking: Asking) -> Mapping[str, forms.Field]:
    return text_line("people", gettext_lazy("Who took part"), longest=300)


def destination(asking: Asking) -> Mapping[str, forms.Field]:
    return {"destination": choice(DESTINATIONS, gettext_lazy("Destination"))}


def to_whom(asking: Asking) -> Mapping[str, forms.Field]:
    return text_line("to_whom", gettext_lazy("To whom, or issue of the bulletin"))


def manner(asking: Asking) -> Mapping[str, forms.Field]:
    return {"manner": choice(MANNERS, gettext_lazy("What became of it"))}


def dispatch(asking: Asking) -> Mapping[str, forms.Field]:
    sent = Dispatch.objects.filter(matter=asking.thing.pk)
    field = forms.ModelChoiceField(
        sent, label=gettext_lazy("Destination"), widget=forms.RadioSelect, empty_label=None
    )
    return {"dispatch": field}


def instruction(asking: Asking) -> Mapping[str, forms.Field]:
    said = gettext_lazy("Seen only by those named below, and by you. Every reading is logged.")
    return {"instruction": long_text(gettext_lazy("What the leader wrote"), help_text=said)}


def readers(asking: Asking) -> Mapping[str, forms.Field]:
    """Those who work for the body that the matter belongs to, or lead it."""
    home = asking.thing.home
    seats = Membership.objects.in_force(asking.on).filter(
        body__path__startswith=home.path, role__in=("clerk", "leader")
    )
    named = Person.objects.filter(pk__in=seats.values("person"), is_active=True)
    label = gettext_lazy("Who may read it")
    return {"readers": forms.ModelMultipleChoiceField(named, label=label, widget=LongChoices)}


def openness(asking: Asking) -> Mapping[str, forms.Field]:
    field = choice(OPENNESS, gettext_lazy("What is published"))
    field.initial = getattr(asking.thing, "openness", "") or None
    return {"openness": field}


def reason_open(asking: Asking) -> Mapping[str, forms.Field]:
    return {"reason_open": long_text(gettext_lazy("Reason, where it is not published"), required=False)}


def public_text(asking: Asking) -> Mapping[str, forms.Field]:
    """The text as it would be published, with personal data already taken out, to be read once more."""
    said = gettext_lazy("Numbers, addresses of mail and, unless they agreed, the names of the proposers are "
                        "taken out by themselves. Please read it once more.")  # fmt: skip
    if isinstance(asking.thing, Matter):
        said = format_lazy("{} {}", said, gettext_lazy("Lines that are numbered 1., 2., 3. at its end stand "
                                                       "under a heading of their own."))  # fmt: skip
    field = long_text(
        gettext_lazy("Text that is published"),
        required=False,
        initial=_draft_of(asking.thing),
        help_text=said,
    )
    field.widget.attrs["rows"] = 14
    return {"public_text": field}


def judge_summary(asking: Asking, given: Mapping[str, Any]) -> None:
    """A summary is not the whole text under another name: what was left as it stood was not shortened."""
    if given["openness"] == "summary" and given["public_text"].split() == _whole_of(asking.thing).split():
        said = _("This is the whole text. Please shorten it to a summary, or publish it in full.")
        raise forms.ValidationError({"public_text": said})


def _draft_of(thing: Matter | Assignment) -> str:
    said = thing.public_text if isinstance(thing, Matter) else ""
    return said or _whole_of(thing)


def _whole_of(thing: Matter | Assignment) -> str:
    if isinstance(thing, Matter):
        whole = joined(thing.text, [item.text for item in thing.items.all()])
        return redacted(whole, hidden_names(thing))
    replies = thing.replies.filter(round=thing.round).select_related("item")
    lines = [f"{reply.item.place}. {reply.text}" if reply.item else reply.text for reply in replies]
    return redacted("\n".join(lines), hidden_names(thing.matter))


FIELDS: dict[str, FieldMaker] = {
    maker.__name__: maker
    for maker in (
        photo, scan, seen_on, phase, way, supervision, key_level, held_on, next_on, led_by, people,
        destination, to_whom, manner, dispatch, instruction, readers, openness, reason_open,
        public_text,
    )
}  # fmt: skip
