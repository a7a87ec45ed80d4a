"""Those who only assist are marked as such, so that those who lead can be sorted first."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("matters", "Assignment").objects.filter(part="assisting").update(leads=False)


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_matters_in_full")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
