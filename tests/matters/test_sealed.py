"""Trade secrets as they lie in the database: sealed, and sealed by the migration where they were not."""

from __future__ import annotations

import importlib
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from camphor.matters.models import Matter

from ..conftest import Cast
from ..house import House, again

SECRET = "年亏损三百万元"
GIVEN: dict[str, Any] = {
    "title": "续贷",
    "text": "融资",
    "items": ["续贷"],
    "facts": {"enterprise": "某公司"},
}


@pytest.fixture
def house(cast: Cast) -> House:
    return House(cast)


def raised(house: House, secret: str = SECRET) -> Matter:
    return house.begin("request", "raise", house.qing, secret=secret, **GIVEN)


def as_it_lies(matter: Matter) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM matters_matter WHERE id = %s", [matter.pk])
        return str(cursor.fetchone()[0])


def test_a_trade_secret_lies_sealed_and_is_read_by_the_code(house: House) -> None:
    request = raised(house)
    assert SECRET not in as_it_lies(request) and len(as_it_lies(request)) > 50
    assert request.secret == SECRET
    assert as_it_lies(raised(house, "")) == ""


def test_a_secret_that_can_not_be_opened_today_is_not_written_over(house: House) -> None:
    request = raised(house)
    with override_settings(SECRET_KEY="another"):
        assert again(request).secret == ""
        house.do(request, "edit", house.qing, **{**GIVEN, "title": "续贷仍困难", "secret": ""})
    assert (again(request).title, again(request).secret) == ("续贷仍困难", SECRET)


def test_what_an_earlier_secret_sealed_is_opened_and_sealed_anew_by_a_command(house: House) -> None:
    request, earlier = raised(house), settings.SECRET_KEY
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[earlier]):
        assert again(request).secret == SECRET
        call_command("reseal", stdout=(said := StringIO()))
        assert said.getvalue() == "1 texts sealed anew\n"
        call_command("reseal", stdout=(said := StringIO()))
        assert said.getvalue() == "0 texts sealed anew\n"
    assert again(request).secret == ""
    with override_settings(SECRET_KEY="another"):
        assert again(request).secret == SECRET
    with pytest.raises(CommandError, match="1 texts were sealed by a secret that is not set"):
        call_command("reseal", stdout=StringIO())


def test_the_migration_seals_what_is_there_and_opens_it_on_the_way_back(house: House) -> None:
    migration = importlib.import_module("camphor.matters.migrations.0005_sealed_secrets")
    before = MigrationLoader(connection).project_state(("matters", "0004_who_leads")).apps
    editor: Any = SimpleNamespace(connection=connection)
    kept, empty = raised(house), raised(house, "")
    before.get_model("matters", "Matter").objects.filter(pk=kept.pk).update(secret=SECRET)
    assert as_it_lies(kept) == SECRET
    migration.seal(before, editor)
    assert SECRET not in as_it_lies(kept) and as_it_lies(empty) == ""
    assert again(kept).secret == SECRET
    migration.unseal(before, editor)
    assert as_it_lies(kept) == SECRET
