"""The clock's part of agreements: whoever came to sign is asked, a year on it is signed anew, and what waits is called.

Nobody is reminded by a letter: after the program's wait a person talks with them, with one task for each match.
"""

from contextlib import suppress
from datetime import time
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in, moment
from rapport.matches.actions.agreeing import OverlapUnsaid, WordsMissing, ask_each, draft, send_out, settle
from rapport.matches.agreement import lacking, seats
from rapport.matches.agreement_calls import REASONS, WAITING
from rapport.matches.calling import with_owners
from rapport.matches.clauses import signer_rules
from rapport.matches.models import Agreement, Match, SignAsk, Signature, SignedBy
from rapport.people.models import Guardianship, Restriction
from rapport.programs.models import Program
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.models import Task

State = Agreement.State
END_OF_DAY = time(23, 59)


@transaction.atomic
def ask_for_signatures(*, at, limit):
    """Guardians who came to sign are asked, an anniversary brings a new version of the same words, and what waited too
    long becomes a call. What waited only for a guardian who no longer counts, holds. Returns how many were sent, asked,
    called or settled (features.md G5).
    """
    programs = {one.pk: one for one in Program.objects.open().with_limits()}
    moved = settle_calls(at)
    if not Agreement.objects.filter(program__in=programs).exists():
        return moved
    moved += settle_without_the_gone(programs, at, limit)
    moved += ask_who_is_new(programs, at, limit)
    moved += sign_anew(programs, at, limit) if moved < limit else 0
    return moved + (call_about_waiting(programs, at, limit) if moved < limit else 0)


def with_matches(agreements):
    if not (agreements := list(agreements)):
        return []
    matches = Match.objects.filter(pk__in=[one.match_id for one in agreements])
    found = {one.pk: one for one in matches.select_related("program", "coordinator").with_people()}
    for one in agreements:
        one.match = found[one.match_id]
        one.program = one.match.program
    return agreements


def settle_without_the_gone(programs, at, limit):
    """Versions for whose guardian no yes came and who is not counted any more: where all others signed, they hold."""
    counted = standing_for("agreement__match", at).filter(adult=OuterRef("person"))
    yes = Signature.objects.counted().filter(agreement=OuterRef("agreement"), person=OuterRef("person"), is_yes=True)
    gone = SignAsk.objects.filter(~Exists(counted), ~Exists(yes), agreement=OuterRef("pk"), party=SignedBy.GUARDIAN)
    rows = Agreement.objects.filter(program__in=programs, state=State.OUT, match__state__in=Match.ALIVE)
    rows = with_matches(rows.filter(Exists(gone)).order_by("pk")[:limit])
    return sum(settle(one, by=None, at=at) for one in rows)


def standing_for(match, at):
    """Guardianships of those in a match whose adult may consent and is not kept away from the child, as a query.

    `match`: what the query around it calls the match.
    """
    away = Restriction.objects.live_at(at).filter(subject=OuterRef("child"), kept_away=OuterRef("adult"))
    living = Guardianship.objects.living_in(OuterRef(f"{match}__program__time_zone"), at)
    living = living.filter(child__participations__places__match=OuterRef(match), consents=True)
    return living.exclude(Exists(away))


def ask_who_is_new(programs, at, limit):
    """Guardians who stand for a child now and were not asked for the version that stands."""
    rules = signer_rules(list(programs.values()))
    programs = [pk for pk, parties in rules.items() if SignedBy.GUARDIAN in parties]
    asked = SignAsk.objects.filter(agreement=OuterRef(OuterRef("pk")), person=OuterRef("adult"))
    rows = Agreement.objects.standing().filter(program__in=programs, match__state__in=Match.ALIVE)
    unasked = standing_for("match", at).exclude(Exists(asked))
    rows = with_matches(rows.filter(Exists(unasked)).order_by("pk")[:limit])
    if not rows:
        return 0
    held = seats([one.match for one in rows], at)
    known = {}
    for agreement, person in SignAsk.objects.filter(agreement__in=rows).values_list("agreement", "person"):
        known.setdefault(agreement, set()).add(person)
    new = [one for one in rows if {seat.person.pk for seat in held[one.match_id]} - known.get(one.pk, set())]
    return sum(len(ask_each(one, at=at)) for one in new)


def sign_anew(programs, at, limit):
    """A year after they signed the same words go out again as a new version, to open pairs without another one."""
    rules = signer_rules(list(programs.values()))
    signing = [programs[pk] for pk, parties in rules.items() if parties]
    over = {one.pk: day_in(at, one.zone) - one.limit("agreement-again") for one in signing}
    rows = Agreement.objects.filter(any_of(Q(program=pk, signed_on__lte=day) for pk, day in over.items()))
    newer = Agreement.objects.filter(match=OuterRef("match"), state__in=[State.DRAFT, State.OUT])
    rows = rows.filter(state=State.SIGNED, match__state=Match.State.ACTIVE, match__awaits_checks=False)
    due = with_matches(rows.exclude(Exists(newer)).order_by("pk")[:limit])
    for one in due:
        new = draft(one.match, why=_("A year has passed: it is read and signed anew."), by=None, at=at)
        new.match, new.program = one.match, one.program
        with suppress(OverlapUnsaid, WordsMissing):  # then the draft waits for a person who asks, or writes
            send_out(new, by=None, at=at)
    return len(due)


def call_about_waiting(programs, at, limit):
    """One task for each match whose agreement waits for longer than the program gives it."""
    before = Task.objects.filter(cause_key=Concat(Value(f"{WAITING}:"), OuterRef("ref")))
    called = Task.objects.open().filter(kind=WAITING, about_id=OuterRef("match"))
    since = {pk: at - program.limit("agreement-waits") for pk, program in programs.items()}
    rows = Agreement.objects.filter(any_of(Q(program=pk, sent_at__lte=day) for pk, day in since.items()))
    rows = rows.filter(state=State.OUT, match__state=Match.State.ACTIVE).exclude(Exists(before))
    new = with_matches(rows.exclude(Exists(called)).order_by("sent_at", "pk")[:limit])
    if not new:
        return 0
    missing = lacking(new, at)
    owners = dict(with_owners([one.match for one in new], at, others=Right.MATCH_EDIT))
    tasks = [task_of(one, owners[one.match], at) for one in new if missing[one.pk] and one.match in owners]
    return len(add_tasks(tasks, by=None, at=at))


def any_of(conditions):
    """One condition of several; of none, one that nothing meets."""
    return reduce(or_, conditions, Q(pk__in=[]))


def key_of(agreement):
    return f"{WAITING}:{agreement.ref}"


def task_of(agreement, owner, at):
    """The call about one, on the desk of whoever looks after them."""
    match = agreement.match
    end = moment(day_in(at, match.program.zone), END_OF_DAY, match.program.zone)
    return NewTask(
        program=match.program, kind=WAITING, owner=owner, person=None, about=match,
        reason=REASONS[WAITING] % {"pair": match.title}, due_at=at, late_at=end, cause_key=key_of(agreement),
    )  # fmt: skip


def settle_calls(at):
    """Calls about an agreement that waits no more go."""
    waits = Agreement.objects.filter(match=OuterRef("about_id"), state=State.OUT)
    over = list(Task.objects.open().filter(kind=WAITING).exclude(Exists(waits)))
    if over:
        drop(over, note=_("It is signed, or another version took its place."), by=None, at=at)
    return len(over)
