"""Tiers, kinds of bodies, platforms and types of venue."""

from __future__ import annotations

import pytest

from camphor.rules.bodies import BODY_KINDS, PLATFORMS, TIERS, VENUE_TYPES


def test_the_tiers_go_down_from_the_nation_to_the_community() -> None:
    assert list(TIERS) == ["nation", "province", "city", "district", "town", "community"]


def test_there_are_five_platforms_and_seven_types_of_venue() -> None:
    assert list(PLATFORMS) == ["with_you", "livelihood_hall", "station", "studio", "contact_point"]
    assert len(VENUE_TYPES) == 7


@pytest.mark.parametrize(
    "kind",
    ["committee_city", "committee_district", "special_committee", "office", "sector", "platform", "branch"],
)
def test_nothing_is_handed_over_to_the_committee_itself(kind: str) -> None:
    assert not BODY_KINDS[kind].answers


@pytest.mark.parametrize("kind", ["government", "department", "enterprise", "town_government"])
def test_departments_governments_and_public_enterprises_answer(kind: str) -> None:
    assert BODY_KINDS[kind].answers


@pytest.mark.parametrize("table", [TIERS, BODY_KINDS, PLATFORMS, VENUE_TYPES])
def test_no_two_rows_look_alike(table: dict[str, object]) -> None:
    labels = [row.label for row in table.values()]  # type: ignore[attr-defined]
    assert len(set(labels)) == len(labels)
