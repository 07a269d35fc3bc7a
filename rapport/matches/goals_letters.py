"""The letter with the page of a pair's goals: sent when staff hand it out, one a day at most. It says no goal."""

from datetime import timedelta

from rapport.matches.models import Match, Member
from rapport.outbox import kinds

LETTER, PURPOSE = "matches/goals", "goals"
LASTS = timedelta(days=60)  # no figure of the field: whoever comes later is handed another


def tell_outbox():
    paper = {"sheet": "matches:goals-sheet", "write_down": "matches:goals"}
    link = kinds.LinkPlan(PURPOSE, "our-goals:page", LASTS, **paper, shows=shown)
    kinds.kind(LETTER, purpose="messages", wanted=still_together, speaks_of=speaks_of, link=link, once_a_day=True)


def shown(request, message, at, look):
    """The page behind it, whose forms are loaded when somebody looks."""
    from rapport.matches.goals_looking import behind_the_link

    return behind_the_link(request, message, at, look)


def still_together(messages, at):
    return messages.about_still(Match.objects.open().unhindered(at))


def speaks_of(messages):
    """Everybody of the pair: whoever is kept away from one of them gets no such letter."""
    about = dict(messages.values_list("pk", "about_id"))
    members = {}
    for match, person in Member.objects.filter(match__in=about.values()).values_list("match", "participant__person"):
        members.setdefault(match, set()).add(person)
    return {pk: members.get(match, set()) for pk, match in about.items()}
