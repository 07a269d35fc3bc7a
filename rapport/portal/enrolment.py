"""How far somebody has come, for a row of the list: application, permission, readiness, match (features A4).

What was decided about somebody, and who was asked and has not answered, is told to those who record it; everybody else
reads whether a thing is there.
"""

from django.db.models import Exists, OuterRef, Q

from rapport.matches.models import Match, Member
from rapport.onboarding.gatekeeping import Code, Gatebook
from rapport.onboarding.models import ConsentAsk, Decision
from rapport.onboarding.questions import child_in, met

SHOWN = [Match.State.ACTIVE, Match.State.PAUSED, Match.State.PROPOSED]  # the nearest first
AGREEMENT = (Code.PERMISSION, Code.CONSENT)  # a guardian's for a child, one's own for a grown-up


def told(rows, on, *, of):
    """[(participant, what is missing)], each with its application, permission and match; seven queries and four.

    `of`: those of whom it may be told what was decided and asked.
    """
    book, keys = Gatebook(rows), [row.pk for row in rows]
    open_keys = set(of.filter(pk__in=keys).values_list("pk", flat=True))
    decisions = {one.participant_id: one for one in Decision.objects.last().filter(participant__in=open_keys)}
    asks = ConsentAsk.objects.unanswered().filter(participant__in=open_keys, of_own_words=False).order_by("pk")
    asked_at = dict(asks.values_list("participant", "made_at"))
    states = states_of(keys)
    lines = []
    for row in rows:
        asked = book.asked(row, on, with_minor=not row.program.adults_only)
        row.may_say, row.decision = row.pk in open_keys, decisions.get(row.pk)
        row.permission = permission_of(asked)
        row.asked_at = asked_at.get(row.pk)
        row.match_state = states.get(row.pk, "")
        lines.append((row, [one.lack for one in asked if one.weight == "hard" and one.lack]))
    return lines


def states_of(keys):
    """The state of the match nearest to being lived, for each of these participants."""
    places = Member.objects.filter(participant__in=keys, match__state__in=SHOWN)
    found: dict = {}
    for participant, state in places.values_list("participant", "match__state"):
        found[participant] = min(found.get(participant, state), state, key=SHOWN.index)
    return {participant: Match.State(state).label for participant, state in found.items()}


def permission_of(asked):
    """What is asked of them by way of permission (the gate as it stands); None where nothing is."""
    return next((one for one in asked if one.code in AGREEMENT), None)


def decided(people, wanted, program):
    """Those with this last word on them, or with none."""
    last = Decision.objects.last().filter(program=program)
    if wanted == "new":
        return people.exclude(pk__in=last.values("participant"))
    return people.filter(pk__in=last.filter(says=wanted).values("participant"))


def permitted(people, wanted, program, on):
    """Those with permission (a grown-up's own agreement counts), those asked for it, those neither."""
    mine = {"participant": OuterRef("pk")}
    child = child_in(program, on)
    agrees = set(program.gate_rules.exclude(weight="off").filter(code=Code.CONSENT).values_list("side", flat=True))
    asked_of = child | Q(side__in=agrees)
    has = (child & Q(met(program, Code.PERMISSION, on))) | (~child & Q(met(program, Code.CONSENT, on)))
    waits = Q(Exists(ConsentAsk.objects.unanswered().filter(**mine, of_own_words=False)))
    if wanted == "yes":
        return people.filter(has)
    return people.filter(asked_of, ~has, waits if wanted == "asked" else ~waits)
