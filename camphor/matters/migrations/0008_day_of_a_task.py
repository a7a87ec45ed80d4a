"""A task that was handed down runs until the last of the days that were given; so do those handed down before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def give_days(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    running = apps.get_model("matters", "Matter").objects.filter(kind="task", state="assigned", due_on=None)
    for task in running.annotate(last_day=Max("assignments__answer_by")):
        type(task).objects.filter(pk=task.pk).update(due_on=task.last_day)


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_joint_sponsors")]
    operations = [migrations.RunPython(give_days, migrations.RunPython.noop)]
