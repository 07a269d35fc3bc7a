from datetime import UTC
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import migrations

from rapport.programs import profiles

BATCH = 1000


def write_steps(apps, schema_editor):
    """From what is known of each match: proposed, begun, came in from before, ended."""
    match_model = apps.get_model("matches", "Match")
    step_model = apps.get_model("matches", "PhaseStep")
    zones = {
        pk: zone_of(name) for pk, name in apps.get_model("programs", "Program").objects.values_list("pk", "time_zone")
    }
    rows = match_model.objects.order_by("pk").values(
        "pk", "program", "proposed_at", "begun_on", "ended_on", "agreed_on", "counts_from_on"
    ).iterator(BATCH)  # fmt: skip
    while some := list(islice(rows, BATCH)):
        steps = [
            step_model(
                program_id=row["program"],
                match_id=row["pk"],
                phase=phase,
                entered_on=on,
                why=why,
                at=row["proposed_at"],
            )
            for row in some
            for phase, on, why in steps_of(row, zones[row["program"]])
        ]
        step_model.objects.bulk_create(steps, ignore_conflicts=True)
    match_model.objects.filter(state="closed").update(phase="ending-well")


def steps_of(row, zone):
    if row["counts_from_on"]:
        yield "growing", row["agreed_on"] or row["begun_on"], "before"
    else:
        yield "getting-ready", row["proposed_at"].astimezone(zone).date(), "proposed"
        if row["begun_on"]:
            yield "agreeing-how", row["begun_on"], "begun"
    if row["ended_on"]:
        yield "ending-well", row["ended_on"], "closed"


def zone_of(name):
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return UTC


def take_from_profiles(apps, schema_editor):
    """Programs made before get the milestones, units and achievements that their profile lists."""
    names = {"milestone": "MilestoneRule", "unit": "UnitRule", "achievement": "AchievementRule"}
    for program in apps.get_model("programs", "Program").objects.filter(profile__in=profiles.slugs()):
        for table, name in names.items():
            model = apps.get_model("matches", name)
            known = {field.name for field in model._meta.concrete_fields}
            told = profiles.read(program.profile).get(table, [])
            clean = [{name: value for name, value in row.items() if name in known} for row in told]
            model.objects.bulk_create([model(program=program, **row) for row in clean], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("matches", "0006_goals_milestones_and_phases")]

    operations = [
        migrations.RunPython(write_steps, migrations.RunPython.noop),
        migrations.RunPython(take_from_profiles, migrations.RunPython.noop),
    ]
