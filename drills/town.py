"""A small town to vote in: bodies, an open conversation, clerks who are signed in, and concerns."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

STATEMENTS = 20


@dataclass(frozen=True)
class Town:
    """What the drills need to know of it: numbers, the clerks' sessions, and concerns nobody has read."""

    conversation: int
    statements: list[int]
    sessions: list[str]
    concerns: list[int]

    @classmethod
    def read(cls, text: str) -> Town:
        return cls(**json.loads(text))


def build(concerns: int) -> Town:
    """Build it in the database of the settings."""
    from django.db import transaction
    from django.utils import timezone

    from camphor.bodies.actions import found
    from camphor.conversations import actions
    from camphor.matters import actions as matters
    from camphor.people.actor import NOBODY, Actor
    from camphor.people.models import Membership, Person

    at, since = timezone.now(), date(2026, 1, 1)
    hall = found(name="民生议事堂（虚构）", slug="hall", kind="platform", since=since, invented=True)
    clerks = []
    for name in ("mei", "qing"):
        clerk = Person.objects.create_user(name, password="sung under the tree", name=name)
        Membership.objects.create(person=clerk, body=hall, role="clerk", since=since)
        clerks.append(clerk)
    seeds = [f"第{number + 1}条说法" for number in range(STATEMENTS)]
    with transaction.atomic():
        talk = actions.prepare(
            title="怎么办？", text="", body=hall, seeds=seeds, by=NOBODY, at=at, within=True
        )
    actions.make(talk, "open", by=Actor(clerks[0]), at=at)
    raised = [
        matters.raise_concern(
            title=f"诉求 {number}",
            text="有话要说",
            body=hall,
            venue=None,
            code=f"ZZZZZZZZ{number:04d}",
            by=Actor(),
            at=at,
        ).pk
        for number in range(concerns)
    ]
    statements = list(talk.statements.shown().values_list("pk", flat=True))
    return Town(talk.pk, statements, [_signed_in(clerk) for clerk in clerks], raised)


def _signed_in(person: Any) -> str:
    """A session in which this person is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")
    import django

    django.setup()
    print(json.dumps(asdict(build(int(sys.argv[1])))))
