"""A rating can be of the answer of one unit; those that were given before stay ratings of the whole."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0009_promises_of_unpublished"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterModelOptions("rating", {"ordering": ["round", "pk"]}),
        migrations.AddField(
            "rating",
            "assignment",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ratings",
                to="matters.assignment",
            ),
        ),
        migrations.RemoveConstraint("rating", "rated_once_a_round"),
        migrations.RemoveConstraint("rating", "each_rates_once_a_round"),
        migrations.AddConstraint(
            "rating",
            models.UniqueConstraint(
                condition=models.Q(("assignment", None), ("person", None)),
                fields=("matter", "round"),
                name="rated_once_a_round",
            ),
        ),
        migrations.AddConstraint(
            "rating",
            models.UniqueConstraint(
                condition=models.Q(("assignment", None)),
                fields=("matter", "round", "person"),
                name="each_rates_once_a_round",
            ),
        ),
        migrations.AddConstraint(
            "rating",
            models.UniqueConstraint(
                fields=("matter", "round", "person", "assignment"), name="each_rates_a_unit_once_a_round"
            ),
        ),
    ]
