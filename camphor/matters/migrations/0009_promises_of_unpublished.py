"""Promises given for what is not published with its answer are public no more."""

from typing import Any

from django.db import migrations

PUBLISHED = ("full", "summary")


def withhold(apps: Any, schema_editor: Any) -> None:
    matters = apps.get_model("matters", "Matter")
    promises = matters.objects.filter(kind="promise", promised_in__item__matter__kind="proposal")
    letters = apps.get_model("matters", "Letter").objects.filter(
        openness__in=PUBLISHED, matter__openness__in=PUBLISHED
    )
    shown = promises.filter(promised_in__assignment__letters__in=letters).values("pk")
    matters.objects.filter(pk__in=promises.values("pk")).exclude(pk__in=shown).update(openness="none")


def show(apps: Any, schema_editor: Any) -> None:
    apps.get_model("matters", "Matter").objects.filter(kind="promise").update(openness="")


class Migration(migrations.Migration):
    dependencies = [("matters", "0008_day_of_a_task")]

    operations = [migrations.RunPython(withhold, show)]
