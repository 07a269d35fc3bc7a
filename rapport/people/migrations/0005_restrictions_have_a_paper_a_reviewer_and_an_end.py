import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rapport.core.refs
import rapport.people.models


def name_them(apps, schema_editor):
    """A name of its own for each restriction that is there."""
    restriction = apps.get_model("people", "Restriction")
    for row in restriction.objects.all():
        restriction.objects.filter(pk=row.pk).update(ref=rapport.core.refs.new_ref())


def user(name):
    return migrations.AddField(
        model_name="restriction",
        name=name,
        field=models.ForeignKey(
            blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
            to=settings.AUTH_USER_MODEL,
        ),
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_consents_say_who_wrote_them_down"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddIndex("person", models.Index(fields=["born_on"], name="person_born_on")),
        migrations.AddField("restriction", "ref", rapport.core.refs.RefField(null=True, unique=False)),
        migrations.RunPython(name_them, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("restriction", "ref", rapport.core.refs.RefField()),
        migrations.AddField(
            "restriction", "paper",
            models.FileField(
                blank=True, help_text="the paper itself, where it was scanned",
                upload_to=rapport.people.models.paper_place,
            ),
        ),
        migrations.AddField("restriction", "paper_name", models.CharField(blank=True, max_length=120)),
        user("reviewer"),
        user("ended_by"),
        migrations.AddField(
            "restriction", "ended_at",
            models.DateTimeField(blank=True, help_text="when somebody said that it ends, or ended", null=True),
        ),
        migrations.AddField("restriction", "ended_why", models.CharField(blank=True, max_length=300)),
    ]  # fmt: skip
