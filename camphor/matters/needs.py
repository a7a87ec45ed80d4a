"""What a matter or an assignment can need before a move."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from camphor.matters.models import Assignment, Matter


def items(matter: Matter, given: Mapping[str, Any]) -> bool:
    return matter.items.exists()


def assisting_in(assignment: Assignment, given: Mapping[str, Any]) -> bool:
    """All assisting units have sent their opinion, were released, or were passed over on record."""
    others = assignment.matter.assignments.filter(part="assisting")
    waited_for = others.filter(state__in=("given", "objected"))
    return assignment.part != "lead" or not waited_for.exists()


OF_MATTER: dict[str, Callable[[Matter, Mapping[str, Any]], bool]] = {"items": items}
OF_ASSIGNMENT: dict[str, Callable[[Assignment, Mapping[str, Any]], bool]] = {"assisting_in": assisting_in}


def lacking(matter: Matter, needs: Collection[str], given: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(need for need in needs if not OF_MATTER[need](matter, given))


def lacking_assignment(
    assignment: Assignment, needs: Collection[str], given: Mapping[str, Any]
) -> tuple[str, ...]:
    return tuple(need for need in needs if not OF_ASSIGNMENT[need](assignment, given))
