"""What goes along with a text while it is written: tables, maps, photos, what was researched."""

from camphor.engine.flow import UNCHANGED, Move
from camphor.engine.table import mark as _
from camphor.rules.matters.words import of

MOST_ATTACHED = 10
"""Files beside one text: what is longer belongs into one PDF."""


def attaching(by: frozenset[str], *states: str, told: bool = True) -> tuple[Move, Move]:
    """The moves by which whoever writes attaches a file and takes it out again, as long as he may write.

    told: what happened tells what the file is; not so beside an answer that others read only once it is sent.
    """
    recounts = ("caption",) if told else ()
    # fmt: off
    return (
        Move(name="attach", label=_("Attach a file"), says=_("A file was attached"), of=of(*states), by=by,
             asks=("caption", "scan"), due=UNCHANGED, recounts=recounts, free=True),
        Move(name="detach", label=_("Take an attached file out"), says=_("An attached file was taken out"),
             of=of(*states), by=by, asks=("attached",), due=UNCHANGED, recounts=recounts, free=True),
    )
    # fmt: on
