"""What cannot work is said at start-up."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from camphor.matters.models import Matter
from camphor.site.checks import secret_is_set, stored_names_are_declared

from ..conftest import AT, Cast


@pytest.mark.parametrize(
    ("debug", "demo", "given", "faults"),
    [(False, False, False, 1), (False, False, True, 0), (True, False, False, 0), (False, True, False, 0)],
)
def test_a_service_needs_a_secret_of_its_own(
    settings: Settings, debug: bool, demo: bool, given: bool, faults: int
) -> None:
    settings.DEBUG, settings.DEMO, settings.SECRET_IS_SET = debug, demo, given
    assert len(secret_is_set(None)) == faults


def test_a_stored_name_that_the_rules_no_longer_declare_is_told(cast: Cast) -> None:
    assert stored_names_are_declared(None, databases=["default"]) == []
    Matter.objects.create(kind="petition", state="x", title="?", body=cast.hall, raised_at=AT)
    (told,) = stored_names_are_declared(None, databases=["default"])
    assert "petition" in told.msg
