"""The command `camphor map`: from a file of votes to a report, without a server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from camphor.engine.opinion import draw_map, report
from camphor.engine.opinion.drawing import RECIPES
from camphor.engine.opinion.reading import Conversation, read_conversation
from camphor.engine.opinion.report.words import Words
from camphor.engine.opinion.result import OpinionMap
from camphor.engine.opinion.votes import BadVote
from camphor.engine.polis_export import BrokenExport

BAD_INPUT = 2
"""The exit code where the input, the folder or the cluster cannot be used, as for wrong arguments."""


class NoCluster(Exception):
    """The cluster cannot be used, and why."""


def main(arguments: Sequence[str] | None = None, *, name: str = "camphor map") -> int:
    """Read, draw, write; the exit code."""
    chosen = _parser(name).parse_args(arguments)
    if chosen.engine == "dask" and not chosen.scheduler:
        _parser(name).error("--engine dask needs --scheduler ADDRESS")
    try:
        report.check_folder(chosen.out)
        _tell(f"Reading {chosen.source} …")
        conversation = read_conversation(chosen.source)
        if conversation.encoding not in ("utf-8", "utf-8-sig"):
            _tell(f"{chosen.source.name} is not UTF-8; it was read as {conversation.encoding.upper()}")
        _tell(f"Drawing the map of {len(conversation.votes.values):,} votes …")
        drawn = _draw(conversation, chosen)
        written = _write(conversation, drawn, chosen)
    except (BrokenExport, BadVote, report.NotOurs, NoCluster) as fault:
        return _refuse(name, str(fault))
    except OSError as fault:
        return _refuse(name, f"{fault.filename or chosen.out}: {fault.strerror or fault}")
    print("\n".join(_summary(conversation, drawn, chosen.language, written)))
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=name, description="Draw the opinion map of a Polis export or a CSV of votes."
    )
    parser.add_argument(
        "source", type=Path, metavar="FOLDER_OR_CSV", help="a Polis export, or a CSV of votes"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the report is written")
    parser.add_argument("--recipe", choices=RECIPES, default=RECIPES[0], help="how the map is drawn")
    parser.add_argument("--language", choices=report.LANGUAGES, default="en", help="of the page")
    parser.add_argument("--members", action="store_true", help="also write who is in which group")
    parser.add_argument("--engine", choices=("local", "dask"), default="local", help="where it is reckoned")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of the Dask cluster, such as tcp://10.0.0.5:8786"
    )
    return parser


def _draw(conversation: Conversation, chosen: argparse.Namespace) -> OpinionMap:
    if chosen.engine == "local":
        return draw_map(
            conversation.votes,
            hidden=conversation.hidden,
            meta=conversation.meta,
            order=conversation.arrival,
            recipe=chosen.recipe,
        )
    try:
        cluster = import_module("camphor.engine.opinion.cluster")
        drawn: OpinionMap = cluster.draw_on_dask(conversation, chosen.scheduler, recipe=chosen.recipe)
    except ImportError as cause:
        raise NoCluster("--engine dask needs the extra cluster: pip install 'camphor[cluster]'") from cause
    except (TimeoutError, OSError) as cause:
        raise NoCluster(f"no Dask scheduler answers at {chosen.scheduler}") from cause
    return drawn


def _write(conversation: Conversation, drawn: OpinionMap, chosen: argparse.Namespace) -> list[Path]:
    _tell(f"Writing into {chosen.out} …")
    written = report.write_json(conversation, drawn, chosen.out)
    written += report.write_html(conversation, drawn, chosen.out, language=chosen.language)
    written += report.write_csv(conversation, drawn, chosen.out)
    if chosen.members:
        members = report.write_members(conversation, drawn, chosen.out)
        for file in members:
            _tell(f"{file.name} tells how single people think: keep it private, and delete it after use.")
        if not members:
            _tell("This map does not tell who is in which group: there is no participants.csv.")
        written += members
    return written


def _summary(
    conversation: Conversation, drawn: OpinionMap, language: str, written: Sequence[Path]
) -> list[str]:
    """What came out, in a few lines."""
    words = Words(language)
    lead = words.lead(drawn)
    groups = [f"  {words.group(drawn, group)}{words('colon')}" + words.size(group) for group in drawn.groups]
    return [conversation.title, lead, words.how_sure(drawn), *groups, *(f"  {file}" for file in written)]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _refuse(name: str, reason: str) -> int:
    _tell(f"{name}: {' '.join(reason.split())}")
    return BAD_INPUT
