"""Link every consultation with the conversations and sessions that it arranged before links told of them."""

from django.db import migrations


def link(apps, schema_editor):
    def kind(app, model):
        return apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)[0]

    Link = apps.get_model("trail", "Link")
    ends = [
        ("put_to", "conversations", "conversation", apps.get_model("consultations", "Opening").objects.values_list(
            "stage__consultation", "conversation", "conversation__opens_at")),
        ("met_in", "activities", "activity", apps.get_model("consultations", "Stage").objects.exclude(
            activities=None).values_list("consultation", "activities", "activities__starts_at")),
    ]
    for how, app, model, found in ends:
        for source, target, at in found:
            Link.objects.get_or_create(
                how=how, source_type=kind("consultations", "consultation"), source_id=source,
                target_type=kind(app, model), target_id=target, defaults={"at": at})


class Migration(migrations.Migration):

    dependencies = [
        ("consultations", "0003_matters_in_full"),
        ("activities", "0004_matters_in_full"),
        ("conversations", "0002_matters_in_full"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("trail", "0001_initial"),
    ]

    operations = [migrations.RunPython(link, migrations.RunPython.noop)]
