"""Taking back what a list of pairs did, while nothing hangs on it.

What the house itself works out of a pair and nobody has touched goes with it: when it is looked at next, what was found
about it, check-ins nobody was asked yet.
"""

from django.apps import apps
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.models import Event
from rapport.care.models import Finding, Standing, TimeKept
from rapport.checkins.models import CheckIn, Conversation, Rhythm
from rapport.core.about import type_of
from rapport.core.pointing import who_points_at
from rapport.imports.actions.deeds import taken_back_since
from rapport.matches.actions.confirming import tell_coordinators
from rapport.matches.actions.taking_over import BEFORE
from rapport.matches.models import Change, Match, Member, PhaseStep
from rapport.meetings.models import Log, Meeting
from rapport.tasks.models import SEALED, Task

BY_HAND = ("care/by-hand", "care/next-step", "care/given-back")
WORKED_OUT = (Rhythm, Standing, Finding, TimeKept, PhaseStep)  # by the clock, from what else is known
OTHERWISE = lazy("Something about them was changed since.")
SOMETHING = lazy("Something has been recorded about them since.")
VERBS = {
    "match.confirmed": lazy("Their checks have been confirmed since."),
    "match.paused": lazy("Their match has been paused since."),
    "match.closed": lazy("Their match has ended since."),
}
PLAIN_REASONS = {  # what everybody who may bring lists may know of; all else is "something"
    "meetings.plan": lazy("It has been planned since when they meet."),
    "meetings.meeting": lazy("A meeting of theirs has been written down since."),
    "meetings.log": lazy("A meeting of theirs has been written down since."),
    "checkins.checkin": lazy("They have been asked how it goes."),
    "matches.point": lazy("They have begun to get ready for an ending, or for more."),
}


def hold_still(deeds):
    """Nobody writes about these pairs until the batch is done."""
    keys = {deed.match_key for deed in deeds}
    list(Match.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def why_they_stay(deeds):
    """{deed: reason} of those something hangs on."""
    matches = Match.objects.in_bulk({deed.match_key for deed in deeds})
    reasons = changed_since(deeds, matches)
    leaving = leaving_with(deeds)
    held = {
        "matches.match": who_points_at(Match, leaving[Match], leaving),
        "meetings.meeting": who_points_at(Meeting, leaving[Meeting], leaving),
        "checkins.conversation": who_points_at(Conversation, leaving[Conversation], leaving),
    }
    for deed in deeds:
        models = set().union(*(held[label].get(key, ()) for label, keys in deed.made.items() for key in keys))
        if models and deed.pk not in reasons:
            reasons[deed.pk] = in_words(models)
    return reasons


def in_words(models):
    plain = (words for label, words in PLAIN_REASONS.items() if apps.get_model(label) in models)
    return next(plain, SOMETHING)


def changed_since(deeds, matches):
    """{deed: reason} of those about whom somebody wrote something since, or where another value stands by now."""
    reasons = {}
    gone = taken_back_since(deeds, "matches.match", "match_key")
    later = latest("matches.match", {deed.match_key for deed in deeds}, without=gone)
    of_meetings = latest("meetings.meeting", {key for deed in deeds for key in deed.made.get("meetings.meeting", [])})
    for deed in deeds:
        verbs = {verb for verb, last in later.get(deed.match_key, {}).items() if last > deed.seen_to}
        told = [words for verb, words in VERBS.items() if verb in verbs]
        said = [of_meetings.get(key, {}) for key in deed.made.get("meetings.meeting", [])]
        is_touched = verbs or any(last > deed.seen_to for some in said for last in some.values())
        if told or is_touched or is_otherwise(deed, matches.get(deed.match_key)):
            reasons[deed.pk] = told[0] if told else OTHERWISE
    return reasons


def is_otherwise(deed, match):
    """Whether the match is gone, or has another value than the row gave."""
    return match is None or any(plain(getattr(match, name)) != new for name, (_old, new) in deed.was.items())


def latest(label, keys, without=()):
    """{key: {verb: the last line of the trail that says so}}."""
    rows = (
        Event.objects.filter(kind=Event.Kind.WRITE, about_type=label, about_id__in=keys)
        .exclude(pk__in=without)
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for key, verb, last in rows.values_list("about_id", "verb").annotate(last=Max("pk")):
        found.setdefault(key, {})[verb] = last
    return found


def plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def leaving_with(deeds):
    """{model: keys} of what leaves with these."""
    made = {Match: set(), Meeting: set(), Conversation: set()}
    for deed in deeds:
        for label, keys in deed.made.items():
            made[apps.get_model(label)].update(keys)
    of_match = {"match__in": made[Match]}
    rows = {
        Member: Member.objects.filter(**of_match),
        Change: Change.objects.filter(**of_match, words=BEFORE),
        Log: Log.objects.filter(meeting__in=made[Meeting], source=Log.Source.BEFORE),
        CheckIn: CheckIn.objects.filter(**of_match, ask=None).open(),
        Task: worked_out_tasks(made[Match]),
        **{model: model.objects.filter(**of_match) for model in WORKED_OUT},
    }
    return made | {model: set(found.values_list("pk", flat=True)) for model, found in rows.items()}


def worked_out_tasks(matches):
    """What care put on a desk about these pairs and nobody has done anything with."""
    found = Task.objects.open().filter(kind__startswith="care/", level__lt=SEALED, words=None, snoozed_until=None)
    return found.filter(about_type=type_of(Match), about_id__in=matches).exclude(kind__in=BY_HAND)


def take_back(going, _deeds):
    """Remove what these deeds made, and put back what they changed; whoever was to confirm checks is told anew."""
    leaving = leaving_with(going)
    matches = Match.objects.filter(pk__in=leaving[Match]).select_related("program", "coordinator")
    waited = {(match.program, match.coordinator_id) for match in matches if match.awaits_checks}
    for model in (Log, Meeting, Conversation, CheckIn, Task):
        model.objects.filter(pk__in=leaving[model]).delete()
    matches.delete()
    put_back([deed for deed in going if deed.was])
    for program in {program for program, _user in waited}:
        users = {user for of, user in waited if of == program}
        tell_coordinators(program, users, by=None, at=timezone.now())


def put_back(deeds):
    """Give every fact that a row wrote down its value from before, and touch no other."""
    for deed in deeds:
        facts = {name: old for name, (old, _new) in deed.was.items()}
        Match.objects.filter(pk=deed.match_key).update(**facts)
