"""A Monday morning, Ama and Ben with some weeks behind them, and what was said about them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.care.models import Finding
from rapport.checkins.models import Answer, CheckIn, Conversation
from rapport.core.refs import new_ref
from rapport.matches.models import Change
from rapport.meetings.models import Log, Meeting, Plan
from rapport.programs.actions import add_member
from tests.cast import BEGUN_ON, DAY, LONG_AGO, MONDAY, PASSWORD, WEEK
from tests.safeguarding.conftest import dan, duty  # noqa: F401  (who reads worries)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday():
    """Every page is looked at on the same Monday morning."""
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


@pytest.fixture
def mail_goes_through_the_outbox(settings):
    """As in a house that runs: the tests' own would swallow it. And nobody tried to come in before."""
    settings.EMAIL_BACKEND = "rapport.outbox.mail.OutboxBackend"
    cache.clear()


@pytest.fixture
def sign_up(as_user):
    """Give a person of the cast a user and a role, and sign them in."""

    def sign(somebody, program, role):
        user = somebody.user
        if user is None:
            user = add_user(
                email=f"{somebody.given_name.lower()}.in@example.org",
                name=somebody.full_name,
                password=PASSWORD,
                by=None,
                at=LONG_AGO,
            )
            somebody.user = user
            somebody.save(update_fields=["user"])
        add_member(user, program=program, role=Role.objects.get(slug=role), by=None, at=LONG_AGO)
        return as_user(user)

    return sign


@pytest.fixture
def plan(match):
    return Plan.objects.create(
        program=match.program, match=match, weekday=3, starts_at="15:30", minutes=60, place="Library", from_on=BEGUN_ON
    )


def meeting(match, starts_at, *, plan=None, **facts):
    return Meeting.objects.create(
        program=match.program,
        match=match,
        plan=plan,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        due_at=starts_at,
        lapses_at=starts_at + HOUR,
        place="Library",
        **facts,
    )


def finding(match, says, sentence, *, rule="meets", level=1):
    return Finding.objects.create(
        program=match.program, match=match, rule=rule, says=says, sentence=sentence, level=level, found_at=MONDAY
    )


def answer(match, person, party, *, feeling, words="", level=2, worry="", at=MONDAY - DAY, instance=0):
    check_in = CheckIn.objects.create(
        program=match.program,
        match=match,
        person=person,
        party=party,
        instance=instance,
        due_at=at - DAY,
        state="answered",
        kept_at=at,
    )
    return Answer.objects.create(
        program=match.program,
        check_in=check_in,
        feeling=feeling,
        words=words,
        level=level,
        worry=worry,
        answered_at=at,
        form_id=new_ref(),
    )


@pytest.fixture
def story(match, plan, ama, ben, cora):
    """Four Thursdays: held, held, unknown, did not happen; one to come; answers, a talk, findings of both levels."""
    last = MONDAY - 4 * DAY + timedelta(hours=6, minutes=30)
    held = meeting(match, last - 3 * WEEK, plan=plan, kept_at=last - 3 * WEEK, minutes=60)
    meeting(match, last - 2 * WEEK, plan=plan, kept_at=last - 2 * WEEK, minutes=90)
    meeting(match, last - WEEK, plan=plan)
    meeting(match, last, plan=plan, missed_at=last, cause="mentor-away", said_by=ben)
    meeting(match, last + WEEK, plan=plan)
    Log.objects.create(
        program=match.program,
        meeting=held,
        person=ama,
        happened=True,
        feeling=4,
        words="We built the volcano.",
        source="link",
        logged_at=held.ends_at,
    )
    Change.objects.create(
        program=match.program, match=match, state="active", state_before="proposed", at=match.begun_at
    )
    answer(match, ben, "mentee", feeling=2, words="I waited alone.")
    Conversation.objects.create(
        program=match.program,
        match=match,
        person=ama,
        how="phone",
        words="Her mother is ill.",
        at=MONDAY - 2 * DAY,
        by=cora,
        form_id=new_ref(),
    )
    finding(match, "watch", "1 of the last 4 expected meetings did not happen.")
    finding(match, "help", "Ben said it is not so good.", rule="voices", level=2)
    return match
