"""Trade secrets are sealed, so that whoever reads the database or a backup of it does not read them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import camphor.kit.sealed

SEALED = camphor.kit.sealed.SealedField()


def seal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """While the column is still read as it stands."""
    matters = apps.get_model("matters", "Matter").objects.using(schema_editor.connection.alias)
    for pk, secret in matters.exclude(secret="").values_list("pk", "secret"):
        matters.filter(pk=pk).update(secret=SEALED.get_prep_value(secret))


def unseal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On the way back the column is read as it stands again; what can't be opened stays sealed."""
    matters = apps.get_model("matters", "Matter").objects.using(schema_editor.connection.alias)
    for pk, sealed in matters.exclude(secret="").values_list("pk", "secret"):
        if opened := SEALED.from_db_value(sealed, None, None):
            matters.filter(pk=pk).update(secret=opened)


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_who_leads")]
    operations = [
        migrations.RunPython(seal, unseal),
        migrations.AlterField("matter", "secret", camphor.kit.sealed.SealedField(blank=True)),
    ]
