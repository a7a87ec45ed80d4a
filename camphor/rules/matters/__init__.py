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
    NOTHING_SAID,
    OCCASIONS,
    OPENNESS,
    OPINION_REFUSALS,
    PAPERS,
    PHASES,
    PUBLISHED,
    RATED_EACH,
    REASONS,
    REFUSALS,
    SCORES,
    SENDS_BACK,
    SPOT_ANSWERS,
    SUPERVISIONS,
    WAYS,
    WHAT_IS_MISSING,
    WITHHELD,
)
from camphor.rules.matters.handling import JOINING, answering
from camphor.rules.matters.opinion import INSTRUCTION, OPINION
from camphor.rules.matters.proposal import BACKING, BEHIND, PROPOSAL
from camphor.rules.matters.words import Fact, Form, Grade, MatterKind, Mode, Part, Word
from camphor.rules.needs import Need
from camphor.rules.trail import linkable

SUBJECT, ANALYSIS = _("Subject"), _("Analysis: situation, problem, causes")
"""What stands over a subject, and over the text between it and the suggestions."""

# fmt: off
_KINDS = (
    MatterKind("concern", _("Concern"), concern.CONCERN, plural=_("Concerns"),
               merged_into=concern.MERGED_INTO),
    MatterKind("proposal", _("Proposal"), PROPOSAL, "第{term}-{session}-{n:04}号", itemised=True,
               longest=2500, facts=proposal.FACTS, backed=True, disclosed=True,
               modes=("sole", "joint", "separate"), reply="proposal_reply", plural=_("Proposals"),
               merged_into=proposal.MERGED_INTO, compared=True, page="proposal",
               item_word=_("Suggestions"), papers=("letter", "proposal_form", "review_letter"),
               title_word=SUBJECT, text_word=ANALYSIS),
    MatterKind("opinion", _("Opinion report"), OPINION, "{year}年第{n}期", longest=opinion.LONGEST,
               facts=opinion.FACTS, backed=True, modes=(), plural=_("Opinion reports"),
               author_word=_("Reported by"), papers=("bulletin",)),
    MatterKind("recommendation", _("Recommendation"), recommendation.RECOMMENDATION,
               "{place}协商建议〔{year}〕{n}号", itemised=True, plural=_("Recommendations"),
               page="recommendation", handed="送交", papers=("letter",)),
    MatterKind("request", _("Enterprise request"), request.REQUEST, itemised=True, facts=request.FACTS,
               modes=("respond",), reply="enterprise_contact",
               day_word=_("First contact with the enterprise by"), plural=_("Enterprise requests"),
               item_word=_("What the enterprise asks for"),
               between_word=_("What the units told meanwhile"), contacts_word=_("Contacts"),
               asker_word=_("the enterprise"), papers=("letter",)),
    MatterKind("resolution", _("Resolution proposal"), resolution.RESOLUTION,
               "{term}届{session}次建议案第{n}号", itemised=True, facts=resolution.FACTS,
               reply="resolution_reply", plural=_("Resolution proposals"), papers=("letter",),
               item_word=_("Suggestions"),
               title_word=SUBJECT, text_word=ANALYSIS),
    MatterKind("finding", _("Finding of oversight"), finding.FINDING, "{place}监督意见〔{year}〕{n}号",
               itemised=True, facts=finding.FACTS, modes=("rectify",), reply="finding_reply",
               day_word=_("Rectification by"),
               item_word=_("What is to be put right"),
               plural=_("Findings of oversight"), papers=("letter",)),
    MatterKind("task", _("Task"), tasks.TASK, modes=("carry_out",), reply="task_done",
               day_word=_("Completion by"), own_day=True, plural=_("Tasks"), handed="下达",
               papers=("letter",)),
    MatterKind("promise", _("Promise"), promises.PROMISE, modes=(), plural=_("Promises"), page="promise"),
)
MATTERS = Table(*(replace(kind, flow=linkable(kind.flow)) for kind in _KINDS))

OPINE = "请{unit}（会办）于{day}前提出会办意见。"
PARTS = Table(
    Part("lead", _("Leading"), recommendation.LEADING),
    Part("assisting", _("Assisting"), recommendation.ASSISTING, leads=False, asked=OPINE),
    Part("sole", _("Alone"), answering("sole", _("Given to one unit alone"))),
    Part("main", _("Leading"), answering("main", _("Given to the leading unit"))),
    Part("joining", _("Assisting"), JOINING, leads=False, asked=OPINE),
    Part("separate", _("Each for itself"), answering("separate", _("Given to one of several units"))),
    Part("respond", _("Answering"), request.RESPONDING,
         asked="请{unit}于{day}前与企业首次联系，并按期反馈进展、逐条答复。"),
    Part("rectify", _("Overseen"), finding.RECTIFYING,
         asked="请{unit}于{day}前完成整改，并逐条反馈整改情况。"),
    Part("carry_out", _("Carrying it out"), tasks.CARRYING_OUT,
         asked="请各单位于{day}前落实到位，并报送落实情况。"),  # the same to all, told once
)
# fmt: on

__all__ = [
    "BACKING",
    "BEHIND",
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
    "NOTHING_SAID",
    "OCCASIONS",
    "OPENNESS",
    "OPINION_REFUSALS",
    "PAPERS",
    "PARTS",
    "PHASES",
    "PUBLISHED",
    "RATED_EACH",
    "REASONS",
    "REFUSALS",
    "SCORES",
    "SENDS_BACK",
    "SPOT_ANSWERS",
    "SUPERVISIONS",
    "WAYS",
    "WHAT_IS_MISSING",
    "WITHHELD",
    "Fact",
    "Form",
    "Grade",
    "MatterKind",
    "Mode",
    "Need",
    "Part",
    "Word",
]
