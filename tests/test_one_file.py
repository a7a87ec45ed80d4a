"""A row added to the rules works everywhere, with no other file touched and no migration due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from camphor.bodies.actions import set_rule
from camphor.bodies.models import Venue
from camphor.consultations import actions as consultations
from camphor.engine.flow import Flow, Move, State
from camphor.engine.method import Method, Step
from camphor.engine.table import Table
from camphor.matters import actions as matters
from camphor.matters.models import Matter
from camphor.rules.bodies import VENUE_TYPES
from camphor.rules.consultations import METHODS
from camphor.rules.matters import MATTERS, MatterKind
from camphor.rules.people import AUTHOR, CLERK, EVERYONE

from .conftest import AT, ON, SINCE, Cast

WISH = MatterKind(
    "wish",
    "Wish",
    Flow(
        Table(
            State("made", "Made", public=True),
            State("paused", "Paused"),
            State("granted", "Granted", "done", public=True),
        ),
        Table(
            Move(
                name="make",
                label="Make",
                to="made",
                by=EVERYONE,
                asks=("title", "text"),
                due="topic_decision",
            ),
            Move(
                name="pause",
                label="Pause",
                of=frozenset({"made"}),
                to="paused",
                by=CLERK,
                asks=("reason_text",),
            ),
            Move(name="resume", label="Resume", of=frozenset({"paused"}), to="made", by=AUTHOR),
            Move(name="grant", label="Grant", of=frozenset({"made"}), to="granted", by=CLERK),
        ),
    ),
)


def no_migration_is_due() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def add_row(monkeypatch: pytest.MonkeyPatch, table: Table[Any], row: Any) -> None:
    monkeypatch.setitem(table._rows, row.name, row)


def test_a_new_kind_of_matter_walks_to_its_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    add_row(monkeypatch, MATTERS, WISH)
    wish = Matter(kind="wish", title="A tree", body=cast.hall, author=cast.yun.person, raised_at=AT)
    matters.make(wish, "make", by=cast.yun, at=AT)
    assert wish.due_on == ON + timedelta(days=30)
    matters.make(wish, "pause", by=cast.mei, at=AT, reason_text="Winter")
    matters.make(wish, "resume", by=cast.yun, at=AT)
    matters.make(wish, "grant", by=cast.mei, at=AT)
    assert Matter.objects.public().get() == wish
    no_migration_is_due()


def test_a_new_kind_of_matter_stands_on_the_desk_with_its_buttons(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_row(monkeypatch, MATTERS, WISH)
    wish = Matter(kind="wish", title="A tree", body=cast.hall, author=cast.yun.person, raised_at=AT)
    matters.make(wish, "make", by=cast.yun, at=AT)
    client = Client()
    assert cast.mei.person is not None
    client.force_login(cast.mei.person)
    assert wish in [one.thing for one in client.get(reverse("desk")).context["owed"]]
    assert "A tree" in client.get(reverse("desk_list", args=["wishs"])).content.decode()
    page = client.get(reverse("desk_thing", args=["wishs", wish.pk]))
    assert [move.name for move, _missing in page.context["moves"]] == ["pause", "grant"]
    assert client.post(reverse("desk_move", args=["wishs", wish.pk, "pause"])).status_code == 422
    assert client.post(reverse("desk_move", args=["wishs", wish.pk, "grant"])).status_code == 302
    assert Matter.objects.get().state == "granted"
    no_migration_is_due()


def test_a_new_type_of_venue_stands_on_its_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    boat = replace(next(iter(VENUE_TYPES.values())), name="boat", label="Boat on the canal")
    add_row(monkeypatch, VENUE_TYPES, boat)
    boats = Venue.objects.create(
        name="画舫议事",
        slug="huafang",
        body=cast.hall,
        area=cast.venue.area,
        platform="station",
        type="boat",
        since=SINCE,
    )
    assert Client().get(reverse("raise_at", args=[boats.slug])).status_code == 200
    no_migration_is_due()


def test_a_new_method_lays_out_a_consultation_that_runs_to_its_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = Method("tea", "Tea talk", (Step("collect", "Put the kettle on", 1), Step("publish", "Pour", 2)))
    add_row(monkeypatch, METHODS, tea)
    concern = matters.raise_concern(
        title="茶", text="茶", body=cast.hall, venue=None, code=cast.lin_code, by=cast.lin, at=AT
    )
    matters.make(concern, "accept", by=cast.mei, at=AT)
    plan = consultations.draft(
        title="Tea",
        text="",
        body=cast.hall,
        concerns=[concern],
        method="tea",
        begins_on=ON,
        by=cast.mei,
        at=AT,
    )
    for move in ("begin", "advance", "advance", "finish"):
        consultations.make(plan, move, by=cast.mei, at=AT)
    assert plan.state == "finished"
    no_migration_is_due()


def test_a_town_has_a_method_of_its_own_without_a_commit(cast: Cast) -> None:
    row: dict[str, object] = {
        "name": "tea",
        "label": "吃茶议事",
        "steps": [{"kind": "meet", "label": "吃茶", "days": 3}],
    }
    set_rule(cast.district, "methods", row, since=SINCE)
    plan = consultations.draft(
        title="Tea", text="", body=cast.hall, concerns=[], method="tea", begins_on=ON, by=cast.mei, at=AT
    )
    assert (plan.method_label, [stage.label for stage in plan.stages.all()]) == ("吃茶议事", ["吃茶"])
