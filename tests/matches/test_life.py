"""A match's whole life, pushed about: whatever is tried, in whatever order, some things never happen.

Two mentors and two children, one of whom two mentors could take; clearances run out, are taken back and come again;
leads hold and let go; coordinators propose, begin, pause, resume, set aside and end, twice where they like.
"""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from rapport.core.refused import Refused
from rapport.matches import actions
from rapport.matches.actions import NewMatch
from rapport.matches.models import Change, Match, Pause
from rapport.onboarding.actions import record_gate
from rapport.onboarding.models import Gate
from tests.cast import DAY, MONDAY, gates_met, participant, person, staff
from tests.conftest import FULL
from tests.matches.conftest import say_goodbye

STEPS = {  # which moves there are; everything else is no life of a match
    ("", "proposed"),
    ("proposed", "active"),
    ("proposed", "not-begun"),
    ("active", "paused"),
    ("paused", "active"),
    ("active", "closed"),
    ("paused", "closed"),
}


class Life(RuleBasedStateMachine):
    matches = Bundle("matches")

    @initialize()
    def cast(self):
        self.at = MONDAY
        self.program, self.cora, self.dele = self.world
        self.mentors = [self.join(f"Mo{n}", date(1985, 1, 1), "mentor") for n in (1, 2)]
        self.mentees = [self.join(f"Nils{n}", date(2014, 1, 1), "mentee") for n in (1, 2)]
        self.mentors[0].capacity = 2
        self.mentors[0].save()
        self.mothers = {}
        for one in self.mentees:
            mother = person(f"Mother of {one}", self.program, born_on=date(1980, 1, 1), mail=False)
            one.person.guardians.create(adult=mother, starts_on=date(2014, 1, 1))
            self.mothers[one.pk] = mother
            gates_met(one, "permission", "assent", by=self.cora)
        for one in self.mentors:
            gates_met(one, "clearance", "training", by=self.cora)

    def join(self, name, born_on, side):
        return participant(person(name, self.program, born_on=born_on, mail=False), self.program, side)

    def attempt(self, do, *args, **more):
        """Do it, or be refused; either way at most one row is added to any match's history, and a no adds none."""
        before = Change.objects.count()
        try:
            with transaction.atomic():
                do(*args, **more, at=self.at)
        except Refused:
            assert Change.objects.count() == before
        else:
            assert Change.objects.count() <= before + 1

    @rule(days=st.integers(0, 40))
    def time_passes(self, days):
        self.at += days * DAY

    @rule(which=st.integers(0, 1), days=st.integers(0, 60))
    def a_check_is_seen(self, which, days):
        today = self.at.date()
        self.attempt(
            record_gate,
            self.mentors[which],
            code="clearance",
            is_met=True,
            met_on=today,
            valid_until_on=today + timedelta(days=days),
            by=self.cora,
        )

    @rule(which=st.integers(0, 1), code=st.sampled_from(["clearance", "training"]))
    def a_gate_is_taken_back(self, which, code):
        self.attempt(actions.withdraw_gate, self.mentors[which], code=code, by=self.cora)

    @rule(which=st.integers(0, 1))
    def training_is_done(self, which):
        today = self.at.date()
        self.attempt(
            record_gate, self.mentors[which], code="training", is_met=True, met_on=today, hours=2, by=self.cora
        )

    @rule(target=matches, mentor=st.integers(0, 1), mentee=st.integers(0, 1), at_once=st.booleans())
    def propose(self, mentor, mentee, at_once):
        row = NewMatch([self.mentors[mentor]], [self.mentees[mentee]], coordinator=self.cora)
        known = set(Match.objects.values_list("pk", flat=True))
        self.attempt(actions.propose, [row], program=self.program, by=self.cora)
        made = list(Match.objects.exclude(pk__in=known))
        for match in made:
            actions.tick(match.points.filter(moment="begin"), by=self.cora, at=self.at)
            if at_once:
                self.begin_one(match, times=1)
        return multiple(*[match.pk for match in made])

    @rule(pk=matches, times=st.integers(1, 2))
    def begin(self, pk, times):
        self.begin_one(Match.objects.get(pk=pk), times)

    def begin_one(self, match, times):
        was = match.state
        for _ in range(times):
            self.attempt(actions.begin, match, by=self.cora)
        if was == "proposed" and Match.objects.get(pk=match.pk).state == "active":
            self.nothing_is_missing(match)

    def nothing_is_missing(self, match):
        """What must hold of the mentor at the moment of beginning, said without the code under test."""
        today = self.at.date()
        mentor = match.members.get(side="mentor").participant
        clearance = Gate.objects.get(participant=mentor, code="clearance")
        training = Gate.objects.get(participant=mentor, code="training")
        assert clearance.is_met
        assert clearance.met_on <= today <= clearance.valid_until_on
        assert training.is_met
        assert training.hours >= 2
        assert not Pause.objects.filter(is_hold=True, ended_on=None, match__members__participant=mentor).exists()

    @rule(pk=matches, times=st.integers(1, 2))
    def pause(self, pk, times):
        match = Match.objects.get(pk=pk)
        for _ in range(times):
            self.attempt(actions.pause, match, reason="", starts_on=self.at.date(), by=self.cora)

    @rule(pk=matches, times=st.integers(1, 2))
    def resume(self, pk, times):
        for _ in range(times):
            self.attempt(actions.resume, Match.objects.get(pk=pk), by=self.cora)

    @rule(pk=matches, times=st.integers(1, 2))
    def hold(self, pk, times):
        for _ in range(times):
            self.attempt(actions.hold, Match.objects.get(pk=pk), by=self.dele)

    @rule(pk=matches, times=st.integers(1, 2))
    def let_go(self, pk, times):
        for _ in range(times):
            self.attempt(actions.let_go, Match.objects.get(pk=pk), by=self.dele)

    @rule(pk=matches, times=st.integers(1, 2))
    def set_aside(self, pk, times):
        for _ in range(times):
            self.attempt(actions.set_aside, Match.objects.get(pk=pk), by=self.cora)

    @rule(pk=matches, ticked=st.booleans(), times=st.integers(1, 2))
    def close(self, pk, ticked, times):
        match = Match.objects.get(pk=pk)
        if ticked:
            say_goodbye(match, by=self.cora, at=self.at)
        for _ in range(times):
            ending = {"reason": "done", "note": "", "ended_on": self.at.date()}
            self.attempt(actions.close, match, **ending, by=self.cora)

    @invariant()
    def nobody_has_more_than_they_take(self):
        open_ = Match.objects.open()
        for one in [*getattr(self, "mentors", []), *getattr(self, "mentees", [])]:
            assert open_.filter(members__participant=one).count() <= one.capacity

    @invariant()
    def a_held_match_is_never_active(self):
        assert not Match.objects.active().filter(pauses__ended_on=None, pauses__isnull=False).exists()
        assert not Match.objects.filter(state="paused").exclude(pauses__ended_on=None).exists()

    @invariant()
    def every_history_is_one_line(self):
        state = {}
        for change in Change.objects.order_by("pk"):
            assert (change.state_before, change.state) in STEPS
            assert change.state_before == state.get(change.match_id, "")
            state[change.match_id] = change.state
        assert state == dict(Match.objects.values_list("pk", "state"))


@pytest.mark.django_db
def test_whatever_is_tried(riverside):
    world = (riverside, staff("Cora", riverside, "coordinator"), staff("Dele", riverside, "safeguarding-lead"))

    class Rolled(Life):
        """Each example in a transaction that is rolled back, so that each begins with an empty program."""

        def __init__(self):
            self.world = world
            self.example = transaction.atomic()
            self.example.__enter__()
            super().__init__()

        def teardown(self):
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    examples, steps = (1000, 40) if FULL else (12, 25)
    run_state_machine_as_test(
        Rolled, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )
