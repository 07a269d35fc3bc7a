"""What pairs of a program do together, by their kinds: as its rows say, else as its profile says."""

from django.utils.translation import gettext, gettext_noop

from rapport.programs import profiles
from rapport.programs.models import ActivityRule

SAYS = ActivityRule.Says
STRICTEST = [SAYS.YES, SAYS.REVIEW, SAYS.NO]
SHIPPED = [  # labels of the profiles, so that they can be read in each language
    gettext_noop("Talking"),
    gettext_noop("School work"),
    gettext_noop("Reading together"),
    gettext_noop("Games"),
    gettext_noop("Sport, or being active"),
    gettext_noop("Making something"),
    gettext_noop("Music, film or art"),
    gettext_noop("Work and what comes next"),
    gettext_noop("Something the school offers"),
    gettext_noop("An outing"),
    gettext_noop("Swimming, or on the water"),
    gettext_noop("A drive in a car"),
    gettext_noop("Something else"),
    gettext_noop("Working on a goal"),
    gettext_noop("Looking over somebody's shoulder at work"),
    gettext_noop("Practising something"),
    gettext_noop("Meeting other people of the field"),
    gettext_noop("What the school expects, and how it works"),
    gettext_noop("About their children"),
    gettext_noop("Papers and offices"),
    gettext_noop("A visit at home"),
]


def activities(program) -> dict[str, ActivityRule]:
    """The rule of each activity, by its code. Where there may be children, a file only makes the profile stricter."""
    shipped = of_the_profile(program)
    found = {rule.code: rule for rule in program.activity_rules.all()} or dict(shipped)
    for code, rule in shipped.items():
        if code in found and not program.adults_only:
            found[code].says = max(found[code].says, rule.says, key=STRICTEST.index)
    return found


def of_the_profile(program):
    if program.profile not in profiles.slugs():
        return {}
    rows = profiles.read(program.profile).get("activity", [])
    return {row["code"]: ActivityRule(program=program, **row) for row in rows}


def choices(program):
    """(code, words in the reader's language) of each activity."""
    return [(code, gettext(rule.label)) for code, rule in activities(program).items()]


def says(program, code) -> str:
    """Yes, a look by staff, or no; of a code that is not on the list: a look."""
    rule = activities(program).get(code)
    return rule.says if rule else SAYS.REVIEW
