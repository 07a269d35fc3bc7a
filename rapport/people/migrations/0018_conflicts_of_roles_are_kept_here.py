"""What two people were declared to be to each other moves here from matching: its table stays, and so do its rows.

Matching makes the table (0006) and gives the model up (0009). Nothing in the database changes but where its type of
content is looked up.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rapport.core.refs

KEEPS = django.db.models.deletion.PROTECT


def called_so(was, now):
    """What refers to rows of this kind goes on doing so."""

    def rename(apps, schema_editor):
        kinds = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
        if not kinds.filter(app_label=now, model="conflict").exists():
            kinds.filter(app_label=was, model="conflict").update(app_label=now)

    return rename


CONFLICT = migrations.CreateModel(
    name="Conflict",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "ref",
            rapport.core.refs.RefField(
                default=rapport.core.refs.new_ref, editable=False, max_length=12, unique=True
            ),
        ),
        (
            "kind",
            models.CharField(
                choices=[
                    ("line-manager", "leads the other at work"),
                    ("assessor", "assesses or examines the other"),
                    ("class-teacher", "teaches the other's class"),
                    ("declared", "another conflict that one of them declared"),
                ],
                max_length=15,
            ),
        ),
        ("words", models.CharField(blank=True, max_length=300)),
        ("until_on", models.DateField(blank=True, help_text="the last day on which it holds", null=True)),
        ("said_at", models.DateTimeField()),
        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
        ("other", models.ForeignKey(on_delete=KEEPS, related_name="+", to="people.person")),
        (
            "person",
            models.ForeignKey(
                help_text="who leads, assesses or teaches", on_delete=KEEPS, related_name="+", to="people.person"
            ),
        ),
        ("program", models.ForeignKey(on_delete=KEEPS, related_name="conflicts", to="programs.program")),
        ("said_by", models.ForeignKey(on_delete=KEEPS, related_name="+", to=settings.AUTH_USER_MODEL)),
        (
            "taken_back_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=KEEPS, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ],
    options={
        "db_table": "matching_conflict",
        "indexes": [
            models.Index(fields=["program", "person"], name="conflicts_of_a_person"),
            models.Index(fields=["program", "other"], name="conflicts_with_a_person"),
        ],
        "constraints": [
            models.UniqueConstraint(
                condition=models.Q(("taken_back_at", None)),
                fields=("program", "person", "other", "kind"),
                name="a_conflict_is_written_down_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", models.F("other")), _negated=True),
                    ("taken_back_at__isnull", False),
                    _connector="OR",
                ),
                name="a_conflict_is_between_two",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_back_at", None), ("taken_back_by", None)),
                    ("taken_back_at__isnull", False),
                    _connector="OR",
                ),
                name="a_conflict_taken_back_says_when",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("people", "0017_ended_guardianships_are_found"),
        ("programs", "0010_contacts_by_message_count_by_their_own_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[CONFLICT]),
        migrations.RunPython(called_so("matching", "people"), called_so("people", "matching")),
    ]
