"""Where pairs of a program may meet, by the kind of place: as its rows say, else as its profile says."""

from rapport.programs import profiles
from rapport.programs.models import ClosedTime, Mode, PlaceRule

SAYS = PlaceRule.Says


def places(program) -> dict[str, PlaceRule]:
    """The rule of each kind of place. Where there may be children, what the profile forbids stays forbidden."""
    shipped = {row["mode"]: PlaceRule(program=program, **row) for row in of_the_profile(program)}
    found = shipped | {rule.mode: rule for rule in program.place_rules.all()}
    strict = {mode for mode, rule in shipped.items() if rule.says == SAYS.NO and not program.adults_only}
    return {mode: shipped[mode] if mode in strict else found[mode] for mode in Mode.values if mode in found}


def of_the_profile(program):
    return profiles.read(program.profile).get("place", []) if program.profile in profiles.slugs() else []


def per_meeting(programs, mode) -> dict[int, int]:
    """{program id: how many contacts of this kind count as one meeting; 0: none does}. One query."""
    shipped = {
        program.pk: row.get("per_meeting", 1)
        for program in programs
        for row in of_the_profile(program)
        if row["mode"] == mode
    }
    rows = PlaceRule.objects.filter(program__in=[program.pk for program in programs], mode=mode)
    return shipped | dict(rows.values_list("program", "per_meeting"))


def says(program, mode) -> str:
    """Yes, after a look, or no; nothing known of such a place: after a look."""
    rule = places(program).get(mode)
    return rule.says if rule else SAYS.REVIEW


def calendar_is_set(program, site, on) -> bool:
    """Whether the closed days of this site, or of the whole program, are known for some day from then on."""
    rows = ClosedTime.objects.filter(program=program, ends_on__gte=on)
    own = rows.filter(site=site).exists() if site else False
    return own or rows.filter(site=None).exists()
