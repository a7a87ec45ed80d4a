"""The kinds of matter, and their flows: states, moves, rights and times; one file for each kind.

A matter has one flow, and each of its assignments has another, so that every body that must answer
has its own state and its own day.
"""

from dataclasses import replace

from camphor.engine.table import Table
from camphor.engine.table import mark as _
from camphor.rules.matters import concern, finding, opinion, proposal, recommendation, request, resolution
from camphor.rules.matters import promise as promises
from camphor.rules.matters import task as tasks
from camphor.rules.matters.dictionaries import (
    CATEGORIES,
    CHANNELS,
    DESTINATIONS,
    FORMS,
    GRADES,
    JOINED,
    KEY_LEVELS,
    LEVELS,
    MANNERS,
    MODES,
    NEEDS,
    OCCASIONS,
    OPENNESS,
    OPINION_REFUSALS,
    PAPERS,
    PHASES,
    PUBLISHED,
    REASONS,
    REFUSALS,
    SCORES,
    SPOT_ANSWERS,
    SUPERVISIONS,
    WAYS,
)
from camphor.rules.matters.handling import JOINING, answering
from camphor.rules.matters.opinion import INSTRUCTION, OPINION
from camphor.rules.matters.proposal import BACKING, PROPOSAL
from camphor.rules.matters.words import Fact, Form, Grade, MatterKind, Mode, Need, Part, Word
from camphor.rules.trail import linkable

# fmt: off
_KINDS = (
    MatterKind("concern", _("Concern"), concern.CONCERN, plural=_("Concerns"),
               merged_into=concern.MERGED_INTO),
    MatterKind("proposal", _("Proposal"), PROPOSAL, "第{term}-{session}-{n:04}号", itemised=True,
               longest=2500, facts=proposal.FACTS, backed=True, disclosed=True,
               modes=("sole", "joint", "separate"), reply="proposal_reply", plural=_("Proposals"),
               merged_into=proposal.MERGED_INTO, compared=True, page="proposal",
               item_word=_("Suggestions"), papers=("letter", "proposal_form")),
    MatterKind("opinion", _("Opinion report"), OPINION, "{year}年第{n}期", longest=opinion.LONGEST,
               facts=opinion.FACTS, backed=True, modes=(), plural=_("Opinion reports"),
               papers=("bulletin",)),
    MatterKind("recommendation", _("Recommendation"), recommendation.RECOMMENDATION,
               "{place}协商建议〔{year}〕{n}号", itemised=True, plural=_("Recommendations"),
               page="recommendation", papers=("letter",)),
    MatterKind("request", _("Enterprise request"), request.REQUEST, itemised=True, facts=request.FACTS,
               modes=("respond",), reply="enterprise_contact", plural=_("Enterprise requests"),
               item_word=_("What the enterprise asks for"),
               papers=("letter",)),
    MatterKind("resolution", _("Resolution proposal"), resolution.RESOLUTION,
               "{term}届{session}次建议案第{n}号", itemised=True, facts=resolution.FACTS,
               reply="resolution_reply", plural=_("Resolution proposals"), papers=("letter",)),
    MatterKind("finding", _("Finding of oversight"), finding.FINDING, "{place}监督意见〔{year}〕{n}号",
               itemised=True, facts=finding.FACTS, modes=("rectify",), reply="finding_reply",
               item_word=_("What is to be put right"),
               plural=_("Findings of oversight"), papers=("letter",)),
    MatterKind("task", _("Task"), tasks.TASK, modes=("carry_out",), reply="task_done", plural=_("Tasks"),
               papers=("letter",)),
    MatterKind("promise", _("Promise"), promises.PROMISE, modes=(), plural=_("Promises"), page="promise"),
)
MATTERS = Table(*(replace(kind, flow=linkable(kind.flow)) for kind in _KINDS))

PARTS = Table(
    Part("lead", _("Leading"), recommendation.LEADING),
    Part("assisting", _("Assisting"), recommendation.ASSISTING, leads=False),
    Part("sole", _("Alone"), answering("sole", _("Give to one unit alone"))),
    Part("main", _("Leading"), answering("main", _("Give to the leading unit"))),
    Part("joining", _("Assisting"), JOINING, leads=False),
    Part("separate", _("Each for itself"), answering("separate", _("Give to one of several units"))),
    Part("respond", _("Answering"), request.RESPONDING),
    Part("rectify", _("Overseen"), finding.RECTIFYING),
    Part("carry_out", _("Carrying it out"), tasks.CARRYING_OUT),
)
# fmt: on

__all__ = [
    "BACKING",
    "CATEGORIES",
    "CHANNELS",
    "DESTINATIONS",
    "FORMS",
    "GRADES",
    "INSTRUCTION",
    "JOINED",
    "KEY_LEVELS",
    "LEVELS",
    "MANNERS",
    "MATTERS",
    "MODES",
    "NEEDS",
    "OCCASIONS",
    "OPENNESS",
    "OPINION_REFUSALS",
    "PAPERS",
    "PARTS",
    "PHASES",
    "PUBLISHED",
    "REASONS",
    "REFUSALS",
    "SCORES",
    "SPOT_ANSWERS",
    "SUPERVISIONS",
    "WAYS",
    "Fact",
    "Form",
    "Grade",
    "MatterKind",
    "Mode",
    "Need",
    "Part",
    "Word",
]
