"""Whom an unread concern or worry reaches, when, and what the message says; judged by an oracle of its own."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from rapport.outbox.actions import deliver_next
from rapport.outbox.models import Message
from rapport.people.models import ContactPoint, Guardianship, Person, Restriction
from rapport.programs.models import Membership
from rapport.safeguarding.actions import acknowledge, add_triage, climb, name_duty, note, read_triage
from rapport.safeguarding.models import Concern, Duty, Entry, TriageItem
from rapport.safeguarding.naming import may_be_named
from rapport.safeguarding.views import STEPS
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, staff
from tests.safeguarding.conftest import CANARY, raised

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)  # the wait of a rung in the profile


def clock(until, every=HOUR / 2, start=MONDAY):
    """The clock ticks, from a start to an end."""
    at = start
    while at <= until:
        climb(at=at)
        at += every


def reached():
    """Who was told, and when, in order."""
    rows = Message.objects.filter(kind__startswith="safeguarding/").order_by("queued_at", "pk")
    return [(message.to.first_name, message.queued_at) for message in rows]


def oracle(rungs, start=MONDAY):
    """An independent reading of the rule: one rung each hour, empty rungs passed over at once."""
    told, at = [], start
    for people in rungs:
        if people:
            told += [(name, at) for name in people]
            at += HOUR
    return told


@pytest.fixture
def eve(riverside):
    """Leads here, too, and is named nowhere in the duty."""
    return staff("Eve", riverside, "safeguarding-lead")


def test_rung_by_rung_until_somebody_calls_outside(duty, eve, cora, match, ben):
    raised(match.program, match=match, subject=ben)

    clock(MONDAY + 2 * DAY)

    assert reached() == oracle([["Dele"], ["Dora"], ["Dan"], ["Eve"], ["Dan"]])
    last = Task.objects.get(cause_key__contains=":outside:")
    assert last.owner.name == "Dan"
    assert "County line, 555 0199" in last.reason


@pytest.mark.parametrize("accused", ["Dele", "Dora", "Dan", "Eve"])
def test_whoever_it_is_about_is_passed_over_at_once(duty, eve, match, ben, accused):
    who = {user.name: user for user in (duty.lead, duty.second_lead, duty.cover, eve)}[accused]
    raised(match.program, match=match, subject=ben, accused=[who.person])

    clock(MONDAY + 2 * DAY)

    rungs = [[name] for name in ("Dele", "Dora", "Dan", "Eve") if name != accused]
    caller = next(name for name in ("Dan", "Dora") if name != accused)
    assert reached() == oracle([*rungs, [caller]])
    assert not Task.objects.filter(owner=who).exists()


def test_a_lead_who_has_gone_is_passed_over(duty, match, ben, dele):
    Membership.objects.filter(user=dele).update(ends_at=MONDAY - HOUR)

    raised(match.program, match=match, subject=ben)
    clock(MONDAY + 3 * HOUR)

    assert reached() == oracle([["Dora"], ["Dan"], ["Dan"]])


def test_a_lead_who_may_no_longer_sign_in_is_passed_over(duty, match, ben, dele):
    dele.is_active = False
    dele.save()

    raised(match.program, match=match, subject=ben)

    assert reached() == [("Dora", MONDAY)]


@pytest.mark.parametrize("party", ["guardian", "mentor", "former mentor", "kept away", "subject"])
def test_a_lead_who_is_part_of_it_is_passed_over(duty, match, ben, ama, dele, grace, party):
    subject = ben
    if party == "guardian":
        Guardianship.objects.create(adult=dele.person, child=ben, starts_on=date(2020, 1, 1))
    elif party in ("mentor", "former mentor"):
        ama.user = None
        place = match.members.get(side="mentor").participant
        place.person = dele.person
        place.save()
        match.state = "closed" if party == "former mentor" else match.state
        match.save()
    elif party == "kept away":
        Restriction.objects.create(
            program=match.program, kept_away=dele.person, subject=ben, reason="-", starts_on=date(2026, 1, 1),
            review_on=date(2027, 1, 1), recorded_by=dele, recorded_at=MONDAY,
        )  # fmt: skip
    else:
        subject = dele.person

    concern = raised(match.program, subject=subject)  # it names no match: the child alone is enough

    assert reached() == [("Dora", MONDAY)]
    assert not Concern.objects.visible_to(dele, MONDAY).exists()
    assert list(Concern.objects.visible_to(duty.second_lead, MONDAY)) == [concern]


@pytest.mark.parametrize("left", ["Dora", "Cora calls outside"])
def test_what_a_guardian_raises_passes_over_whoever_is_kept_away_from_them(
    riverside, match, ben, grace, dele, dora, cora, as_user, left
):
    away = [dele] if left == "Dora" else [dele, dora]
    cody = staff("Cody", riverside, "coordinator")
    for lead in [*away, cody]:
        restrict(lead.person, grace, program=riverside, by=cora, starts_on=date(2026, 1, 1))
    concern = raised(riverside, match=match, subject=ben, raised_by=grace)
    worry = add_triage(program=riverside, person=grace, match=match, what="Not sure", cause_key="an answer", at=MONDAY)

    assert reached() == [(left.split()[0], MONDAY)] * 2
    for lead in away:
        assert not Concern.objects.visible_to(lead, MONDAY).exists()
        pages = [concern.get_absolute_url(), worry.get_absolute_url()]
        assert [as_user(lead).get(page).status_code for page in pages] == [404, 404]
    assert Concern.objects.visible_to(dora, MONDAY).count() == (left == "Dora")
    assert list(may_be_named(concern, MONDAY)) == [cora]


def test_without_a_duty_every_lead_is_told_then_one_of_them_calls(riverside, dele, eve, cora):
    raised(riverside)

    clock(MONDAY + 3 * HOUR)

    assert reached() == oracle([["Dele", "Eve"], ["Dele"]])


def test_without_any_lead_whoever_runs_the_program_calls(riverside, cora):
    raised(riverside)

    assert reached() == [("Cora", MONDAY)]
    assert "the contact outside the house" in Task.objects.get().reason


def test_with_nobody_left_it_looks_again_until_somebody_is_there(riverside):
    concern = raised(riverside)
    clock(MONDAY + 3 * HOUR)
    assert reached() == []
    assert Entry.objects.filter(concern=concern, words="nobody here could be told").count() == 1

    staff("Dele", riverside, "safeguarding-lead")
    clock(MONDAY + 4.5 * HOUR, start=MONDAY + 4 * HOUR)

    assert reached() == [("Dele", MONDAY + 4 * HOUR)]


def test_after_the_last_rung_a_new_lead_is_told_and_nobody_twice(duty, match, ben, riverside):
    raised(match.program, match=match, subject=ben)
    clock(MONDAY + 6 * HOUR)
    before = reached()

    staff("Eve", riverside, "safeguarding-lead")
    clock(MONDAY + DAY, start=MONDAY + 7 * HOUR)

    assert reached() == [*before, ("Eve", MONDAY + 7 * HOUR)]


def test_whoever_calls_outside_is_told_whom_and_never_what(riverside, cora, as_user):
    concern = raised(riverside)
    Duty.objects.create(program=riverside, outside_contact="County line, 555 0199", named_by=cora, named_at=MONDAY)
    browser = as_user(cora)

    html = browser.get(concern.get_absolute_url()).content.decode()
    assert "Call County line, 555 0199 now" in html
    assert CANARY not in html
    assert "a mentor" not in html
    for name in STEPS:
        address = reverse("safeguarding:step", args=["riverside", concern.ref, name])
        assert browser.get(address).status_code == browser.post(address).status_code == 404
    assert browser.post(concern.get_absolute_url()).status_code == 302
    assert concern.entries.get(verb="called outside").by == cora
    assert concern.acknowledged_at is None
    assert browser.get(concern.get_absolute_url()).status_code == 404


def test_an_administrator_without_a_desk_is_led_to_what_waits(riverside, sink, as_user):
    adam = staff("Adam", riverside, "administrator")
    concern = raised(riverside)

    deliver_next(at=MONDAY)

    [(_, letter)] = sink.letters
    body = letter.get_body(("plain",)).get_content()
    assert "/p/riverside/waiting/" in body
    assert "safety" not in str(letter)
    html = as_user(adam).get("/p/riverside/waiting/").content.decode()
    assert concern.get_absolute_url() in html
    assert as_user(adam).get(concern.get_absolute_url()).status_code == 200


def test_nothing_waits_for_anybody_else(concern, cora, dan, as_user):
    for user in (cora, dan):
        assert "Nothing waits for you alone." in as_user(user).get("/p/riverside/waiting/").content.decode()


def test_reading_a_concern_stops_it(concern, dora):
    climb(at=MONDAY + HOUR)

    assert acknowledge(concern, by=dora, at=MONDAY + HOUR) is True
    assert acknowledge(concern, by=dora, at=MONDAY + HOUR) is False
    clock(MONDAY + 2 * DAY, start=MONDAY + HOUR)

    assert [name for name, _ in reached()] == ["Dele", "Dora"]
    assert not Task.objects.open().exists()


def test_a_lead_who_writes_into_it_has_read_it_a_colleague_has_not(concern, duty, cora):
    concern.named.add(cora)
    note(concern, words="I saw him today.", by=cora, at=MONDAY)
    concern.refresh_from_db()
    assert concern.acknowledged_at is None

    clock(MONDAY + HOUR)
    assert [name for name, _ in reached()] == ["Dele", "Dora"]


def test_a_file_given_back_goes_up_the_ladder_again(concern, dele, dora):
    from rapport.safeguarding.actions import accuse

    climb(at=MONDAY + HOUR)
    acknowledge(concern, by=dele, at=MONDAY + HOUR)

    accuse(concern, person=dele.person, by=dele, at=MONDAY + 2 * HOUR)

    assert reached() == [("Dele", MONDAY), ("Dora", MONDAY + HOUR), ("Dora", MONDAY + 2 * HOUR)]
    assert [task.owner for task in Task.objects.open()] == [dora]
    concern.refresh_from_db()
    assert (concern.owner, concern.acknowledged_at) == (None, None)


def test_two_clocks_climb_once_each(concern):
    assert climb(at=MONDAY + HOUR) == 1
    assert climb(at=MONDAY + HOUR) == 0

    assert reached() == oracle([["Dele"], ["Dora"]])
    assert Entry.objects.filter(concern=concern, verb="climbed").count() == 2


def test_the_house_away_for_a_day_loses_nothing(concern):
    climb(at=MONDAY + DAY)
    climb(at=MONDAY + DAY + HOUR)

    assert reached() == [("Dele", MONDAY), ("Dora", MONDAY + DAY), ("Dan", MONDAY + DAY + HOUR)]


# The message


@pytest.mark.parametrize("kind", ["concern", "worry"])
def test_the_message_carries_no_name_and_no_topic(request, kind, sink, ben):
    request.getfixturevalue(kind)

    deliver_next(at=MONDAY)

    [(to, letter)] = sink.letters
    assert to == ["dele@example.org"]
    text = str(letter).casefold()
    body = letter.get_body(("plain",)).get_content()
    assert "/p/riverside/today/" in body
    for secret in ("ben", "ama", "marzipan", "safeguarding", "concern", "safety", "worry", "worri", "danger"):
        assert secret not in text.replace("@example.org", ""), secret


def test_the_hour_of_the_night_and_a_quiet_start_do_not_hold_it(duty, match, ben, sink):
    match.program.quiet_start = True
    match.program.save()
    night = datetime(2026, 11, 17, 2, 30, tzinfo=UTC)
    raised(match.program, match=match, subject=ben, at=night)

    deliver_next(at=night)

    assert [to for to, _ in sink.letters] == [["dele@example.org"]]


def test_what_was_read_before_it_left_is_not_sent(concern, dele, sink):
    acknowledge(concern, by=dele, at=MONDAY)

    deliver_next(at=MONDAY)

    assert sink.letters == []
    assert Message.objects.get().why == "no longer wanted"


# A rung that cannot be reached


def test_a_rung_without_an_address_is_climbed_early(duty, match, ben, dele, sink):
    ContactPoint.objects.filter(person=dele.person).delete()
    raised(match.program, match=match, subject=ben)
    minute = timedelta(minutes=1)

    deliver_next(at=MONDAY)
    climb(at=MONDAY + minute)
    deliver_next(at=MONDAY + minute)
    climb(at=MONDAY + 2 * minute)

    assert reached() == [("Dele", MONDAY), ("Dora", MONDAY + minute)]
    assert [to for to, _ in sink.letters] == [["dora@example.org"]]


def test_a_refused_address_is_climbed_early_once_no_other_is_left(concern, sink):
    sink.says = ["550 no such person"]
    minute = timedelta(minutes=1)

    deliver_next(at=MONDAY)
    deliver_next(at=MONDAY)  # the next address: there is none
    climb(at=MONDAY + minute)

    assert reached() == [("Dele", MONDAY), ("Dora", MONDAY + minute)]


def test_one_of_several_who_is_reached_is_enough(riverside, dele, eve, sink):
    ContactPoint.objects.filter(person=eve.person).delete()
    raised(riverside)

    deliver_next(at=MONDAY)
    climb(at=MONDAY + timedelta(minutes=1))

    assert reached() == [("Dele", MONDAY), ("Eve", MONDAY)]


def test_somebody_who_cannot_be_written_to_at_all_is_climbed_early(duty, match, ben, dele):
    Person.objects.filter(user=dele).update(user=None)

    raised(match.program, match=match, subject=ben)
    climb(at=MONDAY)

    assert reached() == [("Dora", MONDAY)]
    assert Task.objects.filter(owner=dele).count() == 1


# Worries: read the same working day


UTC_DAYS = [  # came, to be read by
    ("Monday morning", datetime(2026, 11, 16, 9), datetime(2026, 11, 16, 16)),
    ("Monday at the hour", datetime(2026, 11, 16, 16), datetime(2026, 11, 17, 16)),
    ("Friday evening", datetime(2026, 11, 20, 19), datetime(2026, 11, 23, 16)),
    ("Saturday", datetime(2026, 11, 21, 10), datetime(2026, 11, 23, 16)),
    ("Sunday night", datetime(2026, 11, 22, 23, 59), datetime(2026, 11, 23, 16)),
    ("the first day of the year", datetime(2027, 1, 1, 8), datetime(2027, 1, 1, 16)),
]


@pytest.mark.parametrize(("name", "came", "by"), UTC_DAYS, ids=[row[0] for row in UTC_DAYS])
def test_a_worry_is_read_the_same_working_day(duty, match, ben, name, came, by):
    item = add_triage(
        program=match.program, person=ben, match=match, what="Not sure", cause_key=name, at=came.replace(tzinfo=UTC)
    )

    assert item.late_at == by.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("came", "by"),
    [
        (datetime(2026, 3, 27, 21, tzinfo=UTC), datetime(2026, 3, 30, 14, tzinfo=UTC)),  # over the spring change
        (datetime(2026, 10, 23, 21, tzinfo=UTC), datetime(2026, 10, 26, 15, tzinfo=UTC)),  # over the autumn change
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), datetime(2026, 11, 16, 15, tzinfo=UTC)),  # Monday there already
    ],
)
def test_the_hour_is_the_programs_own(duty, match, ben, came, by):
    match.program.time_zone = "Europe/Berlin"
    match.program.save()

    item = add_triage(program=match.program, person=ben, match=match, what="Not sure", cause_key="x", at=came)

    assert item.late_at == by


def test_an_unread_worry_climbs_when_its_hour_is_over(worry):
    clock(MONDAY + 2 * DAY)

    end = MONDAY.replace(hour=16)
    assert reached() == [("Dele", MONDAY), ("Dora", end), ("Dan", end + HOUR), ("Dan", end + 2 * HOUR)]


def test_a_worry_read_in_time_stays_with_its_reader(worry, dele):
    read_triage(worry, by=dele, at=MONDAY + HOUR)

    clock(MONDAY + 2 * DAY)

    assert [name for name, _ in reached()] == ["Dele"]
    assert TriageItem.objects.get().read_at == MONDAY + HOUR
    assert Task.objects.open().get().owner == dele


def test_the_same_cause_comes_in_once(duty, match, ben):
    first, second = (raised(match.program, match=match, subject=ben) for _ in range(2))

    assert first == second
    assert reached() == [("Dele", MONDAY)]


def test_a_hundred_unread_cost_as_many_queries_as_two(duty, match, ben):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def climbing(n):
        Concern.objects.all().update(next_at=None)
        for i in range(n):
            raised(match.program, key=f"{n} {i}", match=match, subject=ben)
        with CaptureQueriesContext(connection) as queries:
            assert climb(at=MONDAY + HOUR) == n
        return len(queries)

    assert climbing(2) == climbing(20)


def test_an_empty_duty_row_falls_to_all_leads(riverside, dele, dora):
    name_duty(
        riverside, lead=None, second_lead=None, cover=None, outside_contact="", read_by=time(16), by=dele, at=MONDAY
    )

    raised(riverside)

    assert reached() == [("Dele", MONDAY), ("Dora", MONDAY)]
