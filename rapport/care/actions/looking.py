"""The clock looks at matches: once a day each, and at once where somebody said something.

A pass costs what it looks at: `next_look_at` is indexed, and new rows of what it rests on are found by their numbers.
"""

from collections import defaultdict
from datetime import time, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from rapport.care import calls
from rapport.care.facts import gather
from rapport.care.models import Finding, Standing, TimeKept, Watermark
from rapport.care.rules import findings_of
from rapport.checkins.models import Answer, Conversation
from rapport.core.months import day_in, moment
from rapport.matches.models import Change, Match, Member
from rapport.meetings.models import Log, Mark
from rapport.tasks.actions import NewTask, add_tasks, drop, reword
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

TOLD = ("says", "sentence", "facts", "level")  # what makes a finding another one
DAWN = time(5)  # the daily look, before anybody opens a desk
SOURCES = (  # what brings a match to be looked at at once: a name, its rows, the column that leads to the match
    ("log", Log, "meeting__match"),
    ("mark", Mark, "meeting__match"),
    ("answer", Answer, "check_in__match"),
    ("change", Change, "match"),
    ("talk", Conversation, "match"),
)


@transaction.atomic
def refresh_findings(*, at, limit=500):
    """Look at the matches whose look is due: what is found, who waits, whom to call. Returns how many it looked at."""
    notice_changes(at, limit)
    due = due_now(at, limit)
    if not due and begin_to_look(at, limit):
        due = due_now(at, limit)
    if not due:
        return 0
    facts = gather(Match.objects.open().confirmed().filter(pk__in=[one.match_id for one in due]), at)
    write_findings([one.match_id for one in due], facts, at)
    make_calls(facts, at)
    take_calls_back(facts, at)
    look_again(due, facts, at)
    return len(due)


def due_now(at, limit):
    return list(taken(Standing.objects.to_look_at(at).order_by("next_look_at", "pk")[:limit]))


def taken(standings):
    """Locked: what another clock is looking at already is left to it."""
    return standings.only("match").select_for_update(skip_locked=True)


def notice_changes(at, limit):
    """What was said since the last pass brings its match forward."""
    marks = {mark.name: mark for mark in Watermark.objects.all()}
    touched = set()
    for name, model, to_match in SOURCES:
        mark = marks.get(name) or first_mark(name, model)
        rows = list(model.objects.filter(pk__gt=mark.seen).order_by("pk").values_list("pk", to_match)[:limit])
        if rows:
            touched |= {match for _pk, match in rows if match}
            Watermark.objects.filter(pk=mark.pk, seen=mark.seen).update(seen=rows[-1][0])
    if touched:
        looked_at = Q(match__state__in=Match.OPEN) | Q(next_look_at__isnull=False)
        Standing.objects.filter(looked_at, match__in=touched).update(next_look_at=at)


def first_mark(name, model):
    """The first pass of all looks at every open match anyway: what lies before it needs no noticing."""
    last = model.objects.aggregate(last=Max("pk"))["last"] or 0
    return Watermark.objects.get_or_create(name=name, defaults={"seen": last})[0]


def begin_to_look(at, limit):
    """Open matches that were never looked at are looked at now. Returns how many.

    Finding them goes through all open matches, so it is asked when nothing else is left to look at.
    """
    unseen = (
        Match.objects.open().confirmed().filter(~Exists(Standing.objects.filter(match=OuterRef("pk")))).order_by("pk")
    )
    rows = [
        Standing(program_id=program, match_id=pk, next_look_at=at)
        for pk, program in unseen.values_list("pk", "program")[:limit]
    ]
    Standing.objects.bulk_create(rows, ignore_conflicts=True)
    kept = [TimeKept(program_id=row.program_id, match_id=row.match_id, next_at=at) for row in rows]
    TimeKept.objects.bulk_create(kept, ignore_conflicts=True)
    return len(rows)


def write_findings(match_ids, facts, at):
    """What no longer stands goes; what is new or says otherwise comes. Unchanged rows are not touched."""
    rows = Finding.objects.now().filter(match__in=match_ids).values_list("pk", "match", "rule", *TOLD)
    standing = {(match, rule): (pk, told) for pk, match, rule, *told in rows}
    new = {(pk, rule): found for pk, one in facts.items() for rule, found in findings_of(one).items()}
    same = {key for key, found in new.items() if key in standing and standing[key][1] == told_by(found)}
    gone = [pk for key, (pk, _told) in standing.items() if key not in same]
    Finding.objects.filter(pk__in=gone, gone_at=None).update(gone_at=at)
    Finding.objects.bulk_create(
        Finding(
            program=facts[pk].match.program, match=facts[pk].match, rule=rule, says=found.says,
            sentence=found.sentence, facts=found.facts, level=found.level, found_at=at,
        )
        for (pk, rule), found in new.items()
        if (pk, rule) not in same
    )  # fmt: skip


def told_by(found):
    return [getattr(found, name) for name in TOLD]


def make_calls(facts, at):
    """Put the calls on the coordinators' desks; an open call of the same kind to the same person is enough."""
    if not facts:
        return
    waiting = [one for one in facts.values() if calls.waiting_since(one)]
    children = [child.person_id for one in waiting for child in one.mentees]
    guardians = calls.guardians_of(children, at, {one.today for one in waiting})
    wanted = [call for one in facts.values() for rule in calls.MATCH_CALLS for call in rule(one, guardians)]
    standing = open_calls(wanted)
    add_tasks([task(c) for c in wanted if (c.kind, c.person.pk, c.about.pk) not in standing], by=None, at=at)
    ask_for_logs(facts, at)


def open_calls(wanted):
    rows = Task.objects.open().filter(kind__in={c.kind for c in wanted}, person__in={c.person.pk for c in wanted})
    return set(rows.values_list("kind", "person", "about_id"))


def ask_for_logs(facts, at):
    """One call for each mentor with logs missing, listing all their matches, whichever batch those lie in."""
    mentors = {p.pk: p for one in facts.values() if calls.unlogged_run(one) for p in one.mentors}
    if not mentors:
        return
    everywhere = facts | gather_others(mentors, facts, at)
    silent = defaultdict(list)
    for one in sorted(everywhere.values(), key=lambda f: f.match.pk):
        for mentor in one.mentors:
            if mentor.pk in mentors and (run := calls.unlogged_run(one)):
                silent[mentor.pk].append((one, run))
    wanted = {mentors[pk].person_id: calls.missing_logs(mentors[pk], matches) for pk, matches in silent.items()}
    standing = Task.objects.open().filter(kind=calls.NO_LOG, person__in=wanted)
    known = {(t.program_id, t.person_id): t for t in standing}
    fresh = [c for c in wanted.values() if (c.program.pk, c.person.pk) not in known]
    add_tasks([task(c) for c in fresh], by=None, at=at)
    reword(
        {t: wanted[person].reason for (program, person), t in known.items() if wanted[person].program.pk == program},
        by=None,
        at=at,
    )


def gather_others(mentors, facts, at):
    places = Member.objects.filter(participant__in=mentors, match__state__in=Match.OPEN).exclude(match__in=facts)
    others = list(Match.objects.confirmed().filter(pk__in=places.values("match")))
    return gather(others, at) if others else {}


def take_calls_back(facts, at):
    """A child no longer waits, a log came in: the call is no longer needed."""
    calm = [pk for pk, one in facts.items() if calls.waiting_since(one) is None]
    waiting = Task.objects.open().filter(kind__in=[calls.WAITING, calls.TELL], about_id__in=calm)
    over = list(waiting.about_any(Match.objects.filter(pk__in=calm)))
    drop(over, note=_("They meet again, or the mentor was heard of."), by=None, at=at)
    drop(silent_no_more(facts), note=_("Something was heard of them."), by=None, at=at)
    logged = {p.person_id for one in facts.values() if not calls.unlogged_run(one) for p in one.mentors}
    asked = list(Task.objects.open().filter(kind=calls.NO_LOG, person__in=logged))
    if asked:
        silent = still_silent({task.person_id for task in asked}, at)
        answered = [task for task in asked if (task.program_id, task.person_id) not in silent]
        drop(answered, note=_("The logs came in."), by=None, at=at)


def silent_no_more(facts):
    heard = [pk for pk, one in facts.items() if not calls.nothing_heard(one, {})]
    waiting = Task.objects.open().filter(kind=calls.SILENT, about_id__in=heard)
    return list(waiting.about_any(Match.objects.filter(pk__in=heard)))


def still_silent(people, at):
    """(program, person) of those mentors who have another match without logs."""
    places = Member.objects.filter(participant__person__in=people, participant__side="mentor")
    facts = gather(Match.objects.open().confirmed().filter(pk__in=places.values("match")), at)
    silent = [one.match for one in facts.values() if calls.unlogged_run(one)]
    return {(match.program_id, mentor.person_id) for match in silent for mentor in match.mentors}


def look_again(due, facts, at):
    """The next look is tomorrow at dawn where the program is; a match that is over is left alone."""
    moments = defaultdict(list)
    programs = {mine.match.program for mine in facts.values()}
    dawns = {program: moment(day_in(at, program.zone) + timedelta(days=1), DAWN, program.zone) for program in programs}
    for one in due:
        mine = facts.get(one.match_id)
        key = (dawns[mine.match.program], calls.waiting_since(mine)) if mine else (None, None)
        moments[key].append(one.pk)
    for (next_look_at, since), pks in moments.items():
        Standing.objects.filter(pk__in=pks).update(looked_at=at, next_look_at=next_look_at, waiting_since_on=since)


def task(call):
    """A call as a task of the coordinator. Its facts are open to the whole match team: level 1."""
    return NewTask(
        program=call.program, kind=call.kind, owner=call.owner, person=call.person, about=call.about,
        reason=call.reason, cause_key=call.cause_key, pressing=call.pressing, minutes=call.minutes, level=1,
        **of_day(call.on, call.program.zone),
    )  # fmt: skip
