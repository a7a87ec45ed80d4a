"""A12: every migration forward, back and forward again, the later ones on a filled database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from drills.ground import Ground
from drills.outcome import Outcome
from drills.service import ROOT, environment


def hold(ground: Ground) -> list[Outcome]:
    return [_on(ground, kind) for kind in ground.kinds]


def _on(ground: Ground, kind: str) -> Outcome:
    outcome = Outcome(f"A12 migrations, {kind}")
    address, _town = ground.database(kind)
    done = subprocess.run(
        [sys.executable, "-m", "drills.migrations", "short" if ground.short else "long"],
        cwd=ROOT,
        env=environment(address),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        outcome.faults.append(done.stderr.strip()[-600:])
        return outcome
    found = json.loads(done.stdout.splitlines()[-1])
    outcome.tried, outcome.acknowledged = found["tried"], found["tried"]
    outcome.found, outcome.lost = found["equal"], found["tried"] - found["equal"]
    outcome.faults += found["faults"]
    outcome.notes.append(
        f"{found['later']} later migrations on {found['rows']:,} rows with equal data, all {found['all']} "
        "back to nothing and forward with an equal schema"
    )
    return outcome


def turn(rows: int) -> dict[str, object]:
    """Turn them in the database of the settings, and compare before and after."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    _fill(rows)
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("camphor.")]
    loader = MigrationLoader(connection)
    known = {key: one for key, one in loader.disk_migrations.items() if key[0] in ours}
    later = [key for key, one in known.items() if not one.initial]
    faults, equal = [], 0
    for app, name in later:
        before = _data(_kept(app, name))
        parent = next(parent for label, parent in known[app, name].dependencies if label == app)
        call_command("migrate", app, parent, verbosity=0)
        call_command("migrate", verbosity=0)
        if _data(_kept(app, name)) == before:
            equal += 1
        else:
            faults.append(f"{app}.{name}: other data after back and forward")
    schema, count = _schema(), sum(_count().values())
    for app in reversed(ours):
        if any(label == app for label, _name in known):
            call_command("migrate", app, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    equal += _schema() == schema
    if _schema() != schema:
        faults.append("another schema after all went back and forward")
    return {
        "tried": len(later) + 1, "equal": equal, "later": len(later), "all": len(known), "rows": count,
        "faults": faults,
    }  # fmt: skip


def _fill(rows: int) -> None:
    from django.utils import timezone

    from camphor.conversations.models import Conversation, Participant, Vote

    talk, at = Conversation.objects.get(), timezone.now()
    people = [Participant(conversation=talk, digest=f"{number}", since=at) for number in range(rows // 20)]
    Participant.objects.bulk_create(people, batch_size=500)
    statements = list(talk.statements.values_list("pk", flat=True))
    votes = [
        Vote(conversation=talk, participant=one, statement_id=pk, value=pk % 3 - 1, at=at, key=f"{pk}")
        for one in people
        for pk in statements
    ]
    Vote.objects.bulk_create(votes, batch_size=1000)


def _kept(app: str, name: str) -> set[tuple[str, str]]:
    """The columns (table, column) that a migration adds, whose content goes with it when it goes back.

    The later ones that depend on it go back with it.
    """
    from django.apps import apps
    from django.db import connection, migrations
    from django.db.migrations.loader import MigrationLoader

    added = set()
    loader = MigrationLoader(connection)
    back = [key for key in loader.graph.backwards_plan((app, name)) if key in loader.disk_migrations]
    for owner, step in ((key[0], step) for key in back for step in loader.disk_migrations[key].operations):
        if isinstance(step, migrations.AddField):
            model = apps.get_model(owner, step.model_name)
            added.add((model._meta.db_table, model._meta.get_field(step.name).column))
        elif isinstance(step, migrations.CreateModel):
            added.add((apps.get_model(owner, step.name)._meta.db_table, "*"))
    return added


def _data(without: set[tuple[str, str]]) -> dict[str, list[str]]:
    """Every row of our tables in words, without these columns."""
    from django.apps import apps

    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if not model.__module__.startswith("camphor.") or (table, "*") in without:
            continue
        names = [each.attname for each in model._meta.local_fields if (table, each.column) not in without]
        found[table] = [repr(row) for row in model._base_manager.order_by("pk").values_list(*names)]
    return found


def _count() -> dict[str, int]:
    return {table: len(rows) for table, rows in _data(set()).items()}


def _schema() -> list[str]:
    """All tables with their columns and constraints, in words."""
    from django.db import connection

    said = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            said += sorted(f"{table}.{column}" for column in _columns(cursor, table))
            if connection.vendor == "postgresql":
                constraints = connection.introspection.get_constraints(cursor, table)
                said += sorted(f"{table} {name} {one['columns']}" for name, one in constraints.items())
    return said


def _columns(cursor: Any, table: str) -> list[str]:
    from django.db import connection

    if connection.vendor == "sqlite":
        cursor.execute('SELECT name, type, "notnull" FROM pragma_table_info(%s)', [table])
        return [str(row) for row in cursor.fetchall()]
    found = connection.introspection.get_table_description(cursor, table)
    return [f"{column.name} {column.type_code} {column.null_ok}" for column in found]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")
    import django

    django.setup()
    print(json.dumps(turn(2000 if sys.argv[1] == "short" else 100_000)))
