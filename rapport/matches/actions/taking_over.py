"""Pairs that met before Rapport come in as open matches, with the day on which they really began."""

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.core.months import day_in
from rapport.matches.actions.beginning import NotReady
from rapport.matches.actions.confirming import tell_coordinators
from rapport.matches.actions.moving import user_of
from rapport.matches.actions.phases import Why, write_steps
from rapport.matches.models import Change, Match, Member
from rapport.matches.questions import with_minors
from rapport.matches.taking_over import Judge
from rapport.people.models import Participant

BEFORE = "before-rapport"  # what the history says of this step


@transaction.atomic
def take_over(rows, *, program, by, at) -> list[Match]:
    """Make an open match of each of these (`OldPair`); one with a child in it waits for its checks. In their order.

    Nothing before today is due, late or counted of them, and their rhythm begins spread over the coming weeks, those
    of one mentor together. No list makes anybody cleared. Raises NotReady with every reason; then none of them is made.
    """
    rows = list(rows)
    lock(rows)
    refusals = [words for words in Judge(program, at).refusals(rows) if words]
    if refusals:
        raise NotReady(rows, refusals)
    today, places = day_in(at, program.zone), spread_of(rows, program)
    matches = Match.objects.bulk_create(
        [match_of(row, program, places[row.mentor.pk], today, at) for row in rows], batch_size=500
    )
    Member.objects.bulk_create(
        [
            Member(program=program, match=match, participant=one, side=one.side)
            for match, row in zip(matches, rows, strict=True)
            for one in row.people
        ],
        batch_size=500,
    )
    wait_for_checks(matches, program, at)
    Change.objects.bulk_create(
        [Change(program=program, match=m, state=m.state, at=at, by=user_of(by), words=BEFORE) for m in matches],
        batch_size=500,
    )
    since = {match: match.agreed_on or match.begun_on for match in matches}
    write_steps(matches, Match.Phase.GROWING, why=Why.BEFORE, days=since, by=by, at=at)
    record_many("match.taken-over", about=matches, by=by, at=at)
    tell_coordinators(program, {match.coordinator_id for match in matches if match.awaits_checks}, by=by, at=at)
    return matches


def lock(rows):
    """Keep these people to this transaction, in one order, as every beginning does."""
    everybody = {one.pk for row in rows for one in row.people}
    list(Participant.objects.select_for_update().filter(pk__in=everybody).order_by("pk").values("pk"))


def match_of(row, program, place, today, at):
    return Match(
        program=program, site_id=row.mentee.site_id, state=Match.State.ACTIVE, phase=Match.Phase.GROWING,
        coordinator=row.coordinator, proposed_at=at, begun_at=at, begun_on=row.begun_on, agreed_on=row.agreed_on,
        counts_from_on=today, spread=place, met_before=row.met_before,
    )  # fmt: skip


def spread_of(rows, program):
    """On which day of the spread each mentor's pairs are asked first: one after the other, going on after the last."""
    before = Match.objects.filter(program=program, counts_from_on__isnull=False).count()
    mentors = list(dict.fromkeys(row.mentor.pk for row in rows))
    days = program.limit("pairs-spread").days
    places = {mentor: (before + n) % days for n, mentor in enumerate(mentors)}
    known = Member.objects.filter(participant__in=mentors, match__counts_from_on__isnull=False, side="mentor")
    return places | dict(known.order_by("pk").values_list("participant", "match__spread"))


def wait_for_checks(matches, program, at):
    """A pair with somebody in it who counts as a child waits until a named person confirms its checks."""
    for match in matches:
        match.program = program
    children = with_minors(matches, at)
    Match.objects.filter(pk__in=children).update(awaits_checks=True)
    for match in matches:
        match.awaits_checks = match.pk in children


@transaction.atomic
def add_what_was(facts_of, *, by, at):
    """Write down of pairs from before Rapport what was not known: {match: {"agreed_on": ..., "met_before": ...}}.

    What is known already stays as it is.
    """
    for match, facts in facts_of.items():
        empty = dict.fromkeys(facts, None)
        if Match.objects.filter(pk=match.pk, counts_from_on__isnull=False, **empty).update(**facts):
            told = {name: str(value) for name, value in facts.items()}
            record_many("match.remembered", about=[match], by=by, at=at, **told)
