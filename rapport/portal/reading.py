"""Who reads these pages, and what they may know: shared by the pages that gather.

Staff read the matches they are no part of. What a reader may not know stands in no list, in no figure and in no order.
"""

from django.db.models import Case, Count, IntegerField, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from rapport.access.models import Grant
from rapport.access.rights import Right, Scope
from rapport.care.models import Finding
from rapport.care.questions import EVERYBODY, TALKED_ABOUT
from rapport.matches.models import Match, Member
from rapport.people.models import Participant
from rapport.people.scopes import close_to
from rapport.programs.models import Membership

Says = Finding.Says
WORSE_FIRST = ("help", "watch", "unknown", "fine")  # as lists and figures tell them; paused stands apart
FINE = (Says.STEADY, Says.THRIVING)
FEW = ("help", "watch")  # of a program, and looked up by what was found; the others, match by match
TELLING = {"help": [Says.HELP], "watch": [Says.WATCH], "unknown": [Says.UNKNOWN], "fine": list(FINE)}


def matches_of(user, program, at, right=Right.MATCH_VIEW):
    """Matches of this program that this user reaches as staff; those they or their children are in are left out."""
    too_close = Member.objects.filter(participant__person__in=close_to(user)).values("match")
    return Match.objects.filter(program=program).visible_to(user, right, at).exclude(pk__in=too_close)


def participants_of(user, program, at, right=Right.PARTICIPANT_VIEW):
    """Participants of this program that this user reaches as staff; never themselves, nor their own children."""
    seen = Participant.objects.filter(program=program).visible_to(user, right, at)
    return seen.exclude(person__in=close_to(user))


def findings_for(user, program, at):
    """Findings that stand and that this reader may know of: level 1, and level 2 where they may read answers.

    To be asked by match: the program is left out on purpose, for its index would be taken instead of the match's.
    """
    standing = Finding.objects.now()
    held = Membership.objects.live(at).filter(user=user, program=program)
    grants = Grant.objects.filter(right=Right.ANSWER_VIEW, role__memberships__in=held)
    scopes = set(grants.values_list("scope", flat=True))
    if Scope.PROGRAM in scopes:
        return standing.filter(level__lte=TALKED_ABOUT)
    if not scopes:
        return standing.filter(level__lte=EVERYBODY)
    answers = matches_of(user, program, at, Right.ANSWER_VIEW).values("pk")
    return standing.filter(Q(level__lte=EVERYBODY) | Q(level__lte=TALKED_ABOUT, match__in=answers))


def with_rank(matches, findings):
    """These matches, each with the place of its worst finding in WORSE_FIRST. No data is unknown."""
    places = [When(says__in=TELLING[state], then=place) for place, state in enumerate(WORSE_FIRST)]
    worst = findings.filter(match=OuterRef("pk")).order_by().values("match")
    worst = worst.annotate(place=Min(Case(*places, output_field=IntegerField()))).values("place")
    return matches.annotate(rank=Coalesce(Subquery(worst), WORSE_FIRST.index("unknown")))


def that_are(state, matches, findings, program):
    """Of these matches, those that are so, as far as this reader may know."""
    if state == "paused":
        return matches.filter(state=Match.State.PAUSED)
    matches = matches.active()
    if state in FEW:
        told = findings.filter(program=program, says__in=TELLING[state])
        matches = matches.filter(pk__in=told.values("match"))
    return with_rank(matches, findings).filter(rank=WORSE_FIRST.index(state))


def how_many_are(matches, findings):
    """How many of these open matches are how, in two queries: {"help": 1, ...}."""
    rows = with_rank(matches.active(), findings).order_by().values_list("rank").annotate(n=Count("pk"))
    counts = {WORSE_FIRST[rank]: n for rank, n in rows}
    counts["paused"] = matches.filter(state=Match.State.PAUSED).count()
    return {state: counts.get(state, 0) for state in (*WORSE_FIRST, "paused")}


def cut(rows, size):
    """One page of a list read with one row too many, and whether there is more."""
    rows = list(rows)
    return rows[:size], len(rows) > size
