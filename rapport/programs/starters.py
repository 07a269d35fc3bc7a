"""How a talk may be begun again after an event: as the program's rows say, else as its profile says (S4-37)."""

from django.utils.translation import gettext, gettext_noop

from rapport.programs import profiles
from rapport.programs.models import Party, StarterRule

PARTIES = [Party.MENTOR, Party.MENTEE]
FEWEST = 3  # for each side (S4-37)
MOST = 10  # no figure of the field: more make no letter
SHIPPED = [  # words of the profile, so that they can be read in each language
    gettext_noop("Thank you for our talk. One thing I keep thinking of is …"),
    gettext_noop("You told me about … I tried it, and this is what came of it."),
    gettext_noop("My next step is … What would you look at first?"),
    gettext_noop("Is there somebody, or something to read, that you would point me to?"),
    gettext_noop("Thank you for your questions. I liked what you said about …"),
    gettext_noop("You wanted to … How did it go?"),
    gettext_noop("I came across something that may help with …"),
    gettext_noop("What is your next step, and what could I do for it?"),
]


def starters_of(program) -> list[StarterRule]:
    """Those of both parties, in order."""
    rows = list(program.starter_rules.all())
    if rows or program.profile not in profiles.slugs():
        return rows
    return [StarterRule(program=program, **row) for row in profiles.read(program.profile).get("starter", [])]


def starters_for(party, program) -> list[str]:
    """What somebody of this party reads, in their language."""
    return [gettext(row.words) for row in starters_of(program) if row.party == party]
