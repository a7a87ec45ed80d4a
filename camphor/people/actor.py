"""Who acts: a person with an account, the holder of a lookup code or a signed cookie, or nobody known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from camphor.bodies.models import Body
from camphor.people.models import Membership, Person


def digest(secret: str, *, of: str = "code") -> str:
    """What is stored of a code or token: a digest that cannot be turned back."""
    return hashlib.sha256(f"camphor:{of}:{secret}".encode()).hexdigest()


def person_key(person_id: int) -> str:
    return f"p:{person_id}"


def secret_key(stored_digest: str) -> str:
    return f"c:{stored_digest}"


@dataclass(frozen=True)
class Actor:
    """Somebody who acts, known by a person's account, by the secrets he holds, or not at all."""

    person: Person | None = None
    digests: frozenset[str] = frozenset()
    _held: dict[date, list[Membership]] = field(default_factory=dict, compare=False, repr=False)
    _covered: dict[tuple[str, ...], list[int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def keys(self) -> frozenset[str]:
        """What he can be recognised by as author or as somebody present."""
        own = frozenset(secret_key(stored) for stored in self.digests)
        return own | {person_key(self.person.pk)} if self.person else own

    def memberships(self, on: date) -> list[Membership]:
        """In whose name he can act that day: his own seats first, then those that colleagues lend him."""
        if not self.person:
            return []
        if on not in self._held:
            held = Membership.objects.all().open_to(self.person, on).select_related("body", "person")
            own = self.person.pk
            self._held[on] = sorted(held, key=lambda seat: (seat.person_id != own, seat.pk))
        return self._held[on]

    def paths(self, role: str, on: date) -> list[str]:
        """The paths of the bodies in which he holds this role that day."""
        return [seat.body.path for seat in self.memberships(on) if seat.role == role]

    def covered(self, role: str, on: date) -> list[int]:
        """The keys of the bodies in which he holds this role that day, and of all that is part of them."""
        paths = tuple(self.paths(role, on))
        if paths and paths not in self._covered:
            found = Q(pk__in=())
            for path in paths:
                found |= Q(path__startswith=path)
            self._covered[paths] = list(Body.objects.filter(found).order_by().values_list("pk", flat=True))
        return self._covered.get(paths, [])

    def works_for(self, body: Body, on: date) -> bool:
        """Whether he is a clerk of this body, or of one that it is a part of."""
        return any(seat.role == "clerk" and seat.body.covers(body) for seat in self.memberships(on))

    def read_paths(self, on: date) -> list[str]:
        """The paths of the bodies all of whose things he may read: as clerk, or as leader."""
        return [seat.body.path for seat in self.memberships(on) if seat.role in ("clerk", "leader")]


NOBODY = Actor()
