"""What is raised, by whom, who must answer it by when, what was answered, and how that was rated."""

from camphor.matters.models.assignment import Assignment, AssignmentQuerySet
from camphor.matters.models.backing import Backing
from camphor.matters.models.matter import Matter, MatterQuerySet
from camphor.matters.models.record import Contact, Dispatch, Instruction
from camphor.matters.models.reply import Item, Letter, Rating, Reply

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "Backing",
    "Contact",
    "Dispatch",
    "Instruction",
    "Item",
    "Letter",
    "Matter",
    "MatterQuerySet",
    "Rating",
    "Reply",
]
