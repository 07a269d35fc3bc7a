"""Groups: begun, joined, met, marked, led, and asked after when somebody stays away (S0-10, S0-13 to S0-19)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.core.refs import new_ref
from rapport.events import actions, refusals
from rapport.events.attendance import attendance_of
from rapport.events.groups.questions import places_of, standings_of
from rapport.events.models import Absence, Group, GroupMember, GroupWord, Presence, Session
from rapport.matches.models import Member
from rapport.meetings.actions import name_keeper
from rapport.meetings.feeds.beside import beside
from rapport.meetings.models import Meeting
from rapport.onboarding.models import Gate
from rapport.outbox.actions import issue_link
from rapport.outbox.composing import words_of
from rapport.outbox.models import Message
from rapport.outbox.settling import settle
from rapport.people.models import Guardianship, Restriction
from rapport.programs.actions import add_member
from rapport.programs.models import ClosedTime
from rapport.tasks.models import Task
from tests.at_once import at_once
from tests.cast import DAY, MONDAY, WEEK, gates_met, participant, person, staff
from tests.reading import words as in_words

FEW = "rapport.events.picking.SHOWN"
AT = MONDAY + timedelta(hours=30)  # Tuesday afternoon


@pytest.fixture
def tess(riverside):
    return staff("Tess", riverside, "team-lead")


@pytest.fixture
def group(riverside, lincoln, cora, tess):
    given = {"name": "Robotics", "purpose": "We build", "site": lincoln, "lead": tess.person, "host": cora, "room": 2}
    return actions.begin_group(riverside, **given, form_id="one", by=cora, at=MONDAY)


def child(name, program, cora):
    """Somebody young who has all that must be met."""
    one = participant(person(name, program, born_on=date(2014, 1, 1)), program, "mentee")
    adult = person(f"{name}s mother", program, born_on=date(1985, 1, 1))
    Guardianship.objects.create(adult=adult, child=one.person, starts_on=date(2014, 1, 1))
    gates_met(one, "permission", "assent", by=cora)
    return one


@pytest.fixture
def lily_in(riverside, cora):
    return child("Lily", riverside, cora)


@pytest.fixture
def inside(group, match, lily_in, ama_in, ben_in, cora):
    """Ama, Ben and Lily are in it."""
    return actions.take_in(group, [ama_in, ben_in, lily_in], by=cora, at=MONDAY)


def session(group, cora, *, days=0, **more):
    given = {"starts_at": MONDAY + timedelta(days=days), "minutes": 60, "by": cora, "at": MONDAY - WEEK}
    [one] = actions.set_times(group, **{**given, **more})
    return one


def places():
    rows = GroupMember.objects.filter(left_at=None).order_by("pk")
    return [(row.participant.person.given_name, bool(row.in_at)) for row in rows.select_related("participant__person")]


def said(group, one, was_there, *, days, cora, seen=None):
    """Mark somebody at a session so many days after Monday."""
    found = group.sessions.filter(starts_at=MONDAY + timedelta(days=days)).first()
    found = found or session(group, cora, days=days)
    now = found.starts_at + timedelta(minutes=5)
    return actions.mark_presence(found, one, was_there=was_there, seen=seen, said_by=cora.person, by=cora, at=now)


def tasks():
    return list(Task.objects.open().order_by("pk").values_list("kind", "owner__name", "reason"))


def test_places_are_never_more_than_there_is_room_and_who_waits_longest_comes_in(
    group, inside, riverside, ama_in, ben_in, cora
):
    mia = child("Mia", riverside, cora)
    actions.take_in(group, [mia, ben_in], by=cora, at=MONDAY + DAY)

    assert places() == [("Ama", True), ("Ben", True), ("Lily", True), ("Mia", False)]

    first = group.members.get(participant=ben_in)
    assert [actions.leave_group(first, by=cora, at=AT) for _n in range(2)] == [1, 0]
    assert places() == [("Ama", True), ("Lily", True), ("Mia", True)]


def test_a_place_that_is_offered_is_theirs_with_a_yes_once_and_gone_with_a_no(
    group, match, ben_in, lily_in, grace, cora
):
    ben_place, lily_place = actions.offer_places(group, [ben_in, lily_in], by=cora, at=MONDAY)

    told = {"said_by": grace, "by": grace, "at": MONDAY}
    assert [actions.answer_offer(ben_place, is_yes=True, **told) for _n in range(2)] == [1, 0]
    actions.answer_offer(lily_place, is_yes=False, **told)

    assert places() == [("Ben", True)]
    with pytest.raises(refusals.AnsweredAlready):
        actions.answer_offer(lily_place, is_yes=True, **told)


def test_nobody_without_their_checks_or_permission_and_nobody_kept_apart_comes_in(
    group, match, riverside, ama, ben, cora
):
    paul = participant(person("Paul", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
    with pytest.raises(refusals.MemberLacks, match="Paul"):
        actions.take_in(group, [paul], by=cora, at=MONDAY)
    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=ben, reason="A court order", starts_on=MONDAY.date(),
        review_on=MONDAY.date(), recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip
    with pytest.raises(refusals.NotTogether) as refused:
        actions.take_in(group, [*match.mentors, *match.mentees], by=cora, at=MONDAY)

    assert ("Ama" in str(refused.value), places()) == (False, [])


def test_times_are_set_on_open_days_once_and_never_by_the_hundred(group, lincoln, riverside, cora):
    closed = MONDAY.date() + timedelta(days=14)
    ClosedTime.objects.create(program=riverside, site=lincoln, starts_on=closed, ends_on=closed)
    weekly = {"starts_at": MONDAY + WEEK, "minutes": 60, "every_weeks": 1, "until_on": date(2026, 12, 14), "by": cora}

    rows = actions.set_times(group, **weekly, at=MONDAY)

    assert [row.starts_at.astimezone(riverside.zone).date().day for row in rows] == [23, 7, 14]
    with pytest.raises(refusals.NoDayLeft):
        actions.set_times(group, **weekly, at=MONDAY)
    with pytest.raises(refusals.TooManyTimes):
        actions.set_times(group, **{**weekly, "until_on": date(2090, 1, 1)}, at=MONDAY)
    assert Session.objects.count() == 3


def test_one_tap_is_one_mark_and_two_who_differ_look_again(group, inside, ben_in, cora):
    time = session(group, cora)
    tap = {"said_by": cora.person, "by": cora, "at": MONDAY}
    for _n in range(2):
        actions.mark_presence(time, ben_in, was_there=True, seen=None, **tap)

    with pytest.raises(refusals.SaidMeanwhile):
        actions.mark_presence(time, ben_in, was_there=False, seen=None, **tap)
    time.refresh_from_db()
    assert (list(Presence.objects.values_list("was_there", flat=True)), bool(time.kept_at)) == ([True], True)
    actions.mark_presence(time, ben_in, was_there=None, seen=True, **tap)
    time.refresh_from_db()
    assert time.kept_at is None
    with pytest.raises(refusals.NotBegun):
        actions.mark_presence(session(group, cora, days=7), ben_in, was_there=True, seen=None, **tap)


def test_what_is_called_off_counts_against_nobody_and_what_nobody_said_stays_unknown(
    group, inside, ben_in, lily_in, cora
):
    said(group, ben_in, True, days=0, cora=cora)
    said(group, lily_in, False, days=0, cora=cora)
    said(group, ben_in, False, days=7, cora=cora)
    session(group, cora, days=14)

    [before] = standings_of([group], MONDAY + 3 * WEEK)
    actions.say_off(group.sessions.get(starts_at=MONDAY + WEEK), why="closed", by=cora, at=MONDAY + WEEK)
    [after] = standings_of([group], MONDAY + 3 * WEEK)

    assert ((before.here, before.said), (after.here, after.said)) == ((1, 3), (1, 2))


@pytest.mark.parametrize(
    ("was_there", "asks"),
    [
        ([], False),
        ([False], False),
        ([True, False], False),
        ([False, False], True),
        ([True, False, False], True),
        ([True, True, False, True, False], True),
        ([False, False, True], False),
        ([True, True, True, False], False),
    ],
)
def test_who_stays_away_is_asked_after(group, inside, ben_in, cora, was_there, asks):
    for n, there in enumerate(was_there):
        said(group, ben_in, there, days=7 * n, cora=cora)

    words = "Ben was missed at Robotics lately. Ask kindly how they are, and what would make it easier."
    wanted = [("events/away", "Cora", words)]
    assert tasks() == (wanted if asks else [])


def test_a_mark_put_right_takes_the_task_away_and_asking_ends_with_what_came_of_it(
    group, inside, ben_in, cora, as_user
):
    for n in (0, 7):
        said(group, ben_in, False, days=n, cora=cora)
    said(group, ben_in, True, days=7, cora=cora, seen=False)
    assert (tasks(), list(Absence.objects.values_list("outcome", flat=True))) == ([], ["returned"])
    said(group, ben_in, False, days=7, cora=cora, seen=True)
    missed = group.sessions.get(starts_at=MONDAY)
    actions.say_off(missed, why="closed", by=cora, at=MONDAY + WEEK)
    assert tasks() == []
    actions.say_on(missed, by=cora, at=MONDAY + WEEK)
    said(group, ben_in, False, days=14, cora=cora)
    absence, browser = Absence.objects.get(ended_at=None), as_user(cora)

    assert "What you might say" in browser.get(absence.get_absolute_url()).content.decode()
    assert browser.post(absence.get_absolute_url(), {"outcome": "gone"}).status_code == 422
    task = Task.objects.open().get()
    browser.post(f"/p/riverside/tasks/{task.ref}/done/", {})
    assert Task.objects.open().count() == 1
    assert browser.post(absence.get_absolute_url(), {"outcome": "reason", "note": "A bus"}).status_code == 302
    assert browser.post(absence.get_absolute_url(), {"outcome": "left"}).status_code == 409
    absence.refresh_from_db()
    assert (tasks(), absence.outcome) == ([], "reason")


def test_a_lead_says_how_it_gets_on_and_that_a_pair_needs_a_word_once(group, inside, match, tess, cora):
    told = {"says": "stuck", "pairs": {match: "word"}, "said_by": tess.person, "by": tess, "at": MONDAY}
    for _n in range(2):
        actions.say_headway(group, **told, form_id="a")

    [standing] = standings_of([group], MONDAY, with_pairs=True)
    words = "Tess, who leads Robotics, thinks that Ama and Ben would like a word."
    assert tasks() == [("events/pair-needs-a-word", "Cora", words)]
    assert (standing.state, [one.said for one in standing.pairs]) == ("stuck", ["needs a word"])
    actions.say_headway(group, **{**told, "says": "on-track", "pairs": {}}, form_id="b")
    assert list(GroupWord.objects.values_list("says", flat=True)) == ["on-track", "stuck"]


def test_whoever_leads_a_group_next_reads_nothing_of_what_the_one_before_said(
    group, inside, match, tess, riverside, cora, as_user
):
    una = staff("Una", riverside, "team-lead")
    told = {"says": "stuck", "pairs": {match: "word"}, "said_by": tess.person, "by": tess, "at": MONDAY}
    actions.say_headway(group, **told, form_id="a")

    def seen(lead):
        page = in_words(read(as_user(lead).get("/p/riverside/groups/leading/")))
        return ["you said: stuck" in page, "Ama and Ben needs a word" in page, "Ama and Ben not said yet" in page]

    assert seen(tess) == [True, True, False]
    actions.change_group(group, lead=una.person, by=cora, at=MONDAY)

    assert seen(una) == [False, False, True]


def test_a_lead_who_has_said_nothing_for_a_month_is_asked_once_each_month(group, cora, django_assert_num_queries):
    with django_assert_num_queries(3):  # and the transaction's own two
        assert actions.ask_leads(at=MONDAY + 29 * DAY, limit=10) == 0
    month = MONDAY + 30 * DAY

    assert [actions.ask_leads(at=month, limit=10) for _n in range(2)] == [1, 0]
    assert tasks() == [("events/ask-lead", "Cora", "Ask Tess how Robotics gets on.")]
    actions.say_headway(group, says="partly", pairs={}, said_by=group.lead, form_id="a", by=cora, at=month + DAY)
    assert tasks() == []
    assert [actions.ask_leads(at=month + n * DAY, limit=10) for n in (30, 31)] == [0, 1]
    assert len(tasks()) == 1
    actions.end_group(group, by=cora, at=month + 32 * DAY)
    assert tasks() == []


def test_the_lead_sees_their_groups_first_names_and_pairs_and_taps(group, inside, match, tess, cora, as_user):
    started = timezone.now() - timedelta(minutes=5)
    [time] = actions.set_times(group, starts_at=started, minutes=60, by=cora, at=started - DAY)
    browser = as_user(tess)

    page = browser.get("/p/riverside/groups/leading/").content.decode()
    shown = browser.get(time.get_absolute_url()).content.decode()

    assert all(words in page for words in ("Robotics", "Ama and Ben", "Who was there on"))
    assert [name in page + shown for name in ("Adler", "Mensah")] == [False, False]
    ben = match.mentees[0]
    tap = {"who": ben.ref, "says": "here", "seen": "none"}
    assert [browser.post(time.get_absolute_url(), tap).status_code for _n in range(2)] == [302, 302]
    assert Presence.objects.get().said_by == tess.person
    sent = {"group": group.ref, "says": "partly", f"pair-{match.ref}": "fine", "form_id": new_ref()}
    assert browser.post("/p/riverside/groups/leading/", sent).status_code == 302
    assert GroupWord.objects.get().pairs.get().says == "fine"
    assert browser.get("/p/riverside/people/").status_code == browser.get(group.get_absolute_url()).status_code == 404


def test_a_coordinator_makes_all_of_it_on_pages(riverside, lincoln, tess, match, cora, as_user):
    browser = as_user(cora)
    typed = {"name": "Chess", "lead": tess.person.ref, "host": cora.pk, "site": lincoln.pk, "room": "1", "form_id": "x"}
    assert browser.post("/p/riverside/groups/new/", typed).status_code == 302
    group = Group.objects.get()
    here = group.get_absolute_url()
    everybody = [one.pk for one in (*match.mentors, *match.mentees)]
    assert browser.post(f"{here}people/", {"how": "in", "people": everybody}).status_code == 302
    ahead = {"starts_at": "2099-12-01 15:00", "minutes": "60", "every_weeks": "1", "until_on": "2099-12-15"}
    assert browser.post(f"{here}times/", ahead).status_code == 302
    assert browser.post(f"{here}change/", {**typed, "room": "9"}).status_code == 302
    assert browser.post(f"{here}headway/", {"says": "on-track", "form_id": "y"}).status_code == 302
    page = browser.get(here).content.decode()

    assert all(words in page for words in ("Ama Mensah", "Ben Adler", "Room for 9 young people", "On track", "2099"))
    assert "planned" in browser.get("/p/riverside/groups/").content.decode()
    assert browser.post(f"{here}end/").status_code == 302
    assert (
        Session.objects.excused().count(),
        browser.post(f"{here}people/", {"how": "in", "people": everybody[:1]}).status_code,
    ) == (3, 422)


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("times/", {"starts_at": "2026-02-30 15:00", "minutes": "60", "every_weeks": "0"}),
        ("times/", {"starts_at": "2099-12-01 15:00", "minutes": "9" * 30, "every_weeks": "0"}),
        ("times/", {"starts_at": "2099-12-01 15:00", "minutes": "60", "every_weeks": "1"}),
        ("times/", {"starts_at": "2099-12-01 15:00", "minutes": "60", "every_weeks": "1", "until_on": "1 1 2020"}),
        ("people/", {"how": "in", "people": ["999999", "x"]}),
        ("people/", {"how": "in"}),
        ("change/", {"name": "a\u0000b", "lead": "x", "host": "y", "room": "-1"}),
        ("headway/", {"says": "fine"}),
    ],
)
def test_what_makes_no_sense_is_said(group, cora, as_user, page, typed):
    assert as_user(cora).post(group.get_absolute_url() + page, typed).status_code == 422
    assert (Session.objects.count(), GroupMember.objects.count(), GroupWord.objects.count()) == (0, 0, 0)


def test_omar_of_hillside_and_another_lead_find_none_of_it(group, inside, omar, hillside, riverside, cora, as_user):
    time = session(group, cora)
    own = actions.begin_group(
        hillside, name="Of the hill", lead=omar.person, host=omar, form_id="two", by=omar, at=MONDAY
    )
    other = as_user(staff("Una", riverside, "team-lead"))
    browser = as_user(omar)

    assert browser.get(own.get_absolute_url()).status_code == 200
    for address in (group.get_absolute_url(), time.get_absolute_url()):
        assert browser.get(address).status_code == 404
        assert browser.get(address.replace("riverside", "hillside")).status_code == 404
    assert [other.get(address).status_code for address in (time.get_absolute_url(), group.get_absolute_url())] == [
        404,
        404,
    ]
    assert "Robotics" not in other.get("/p/riverside/groups/leading/").content.decode()


def test_whoever_is_kept_away_from_somebody_in_it_learns_nothing_of_it(
    group, inside, riverside, ben, ama, ama_in, cora, tess, as_user
):
    session(group, cora, days=400)
    assert places_of([ama_in], ama, MONDAY)[ama_in.pk][0][1] is not None
    today = timezone.now().date()
    for away in (ama, tess.person, cora.person):
        Restriction.objects.create(
            program=riverside, kept_away=away, subject=ben, reason="A court order", starts_on=MONDAY.date() - WEEK,
            review_on=today, recorded_by=cora, recorded_at=MONDAY,
        )  # fmt: skip

    assert places_of([ama_in], ama, MONDAY)[ama_in.pk] == []
    assert "Robotics" not in as_user(tess).get("/p/riverside/groups/leading/").content.decode()
    assert as_user(cora).get(group.get_absolute_url()).status_code == 404


def test_a_lead_reads_of_nobody_they_are_kept_away_from_in_a_pair_of_the_team_nor_of_who_has_left(
    group, inside, match, riverside, lily_in, cora, tess, as_user
):
    """Milo is in the pair and not in the group; Lily was there once, and has left."""
    milo = participant(person("Milo", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    Member.objects.create(program=riverside, match=match, participant=milo, side="mentee")
    said(group, lily_in, True, days=0, cora=cora)
    actions.leave_group(inside[2], by=cora, at=MONDAY + DAY)
    browser, time = as_user(tess), group.sessions.get().get_absolute_url()

    def seen():
        pages = [in_words(read(browser.get(one))) for one in ("/p/riverside/groups/leading/", time)]
        return [name for name in ("Robotics", "Milo", "Lily") if any(name in page for page in pages)]

    assert seen() == ["Robotics", "Milo", "Lily"]
    for child in (milo, lily_in):
        Restriction.objects.create(
            program=riverside, kept_away=tess.person, subject=child.person, reason="A court order",
            starts_on=MONDAY.date(), review_on=MONDAY.date(), recorded_by=cora, recorded_at=MONDAY,
        )  # fmt: skip

    assert seen() == ["Robotics"]


def test_whoever_answers_for_a_group_reads_there_of_no_child_of_their_own(group, inside, ben, cora, as_user):
    session(group, cora, days=400)
    address = group.sessions.get().get_absolute_url()
    assert "Ben" in as_user(cora).get(address).content.decode()

    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=MONDAY.date())

    shown = as_user(cora).get(address)
    page = in_words(shown.content.decode())
    assert ("Lily" in page, "Ben" in page) == (True, False)


def test_a_permission_taken_back_takes_the_child_off_the_page(group, inside, ben, ben_in, grace, cora, as_user):
    session(group, cora, days=400)
    assert len(places_of([ben_in], grace, MONDAY)[ben_in.pk]) == 1
    Gate.objects.filter(participant=ben_in, code="permission").update(is_met=False)

    time = group.sessions.get()
    assert places_of([ben_in], grace, MONDAY)[ben_in.pk] == []
    assert "Ben" not in as_user(cora).get(time.get_absolute_url()).content.decode()
    assert "not expected just now" in as_user(cora).get(group.get_absolute_url()).content.decode()


def test_the_day_sheet_of_the_site_marks_groups_too_also_by_its_link_and_closes_them(
    group, inside, match, ben_in, lincoln, cora, as_user, client
):
    started = timezone.now() - timedelta(minutes=5)
    [time] = actions.set_times(group, starts_at=started, minutes=60, by=cora, at=started - DAY)
    browser, here = as_user(cora), f"/p/riverside/meetings/sites/{lincoln.ref}/"
    tap = {"session": time.ref, "who": ben_in.ref, "says": "here", "seen": "none"}

    assert "Robotics" in browser.get(here).content.decode()
    assert [browser.post(here, tap).status_code, browser.post(here, {**tap, "who": "x"}).status_code] == [302, 409]
    _keeper, token = name_keeper(lincoln, given_name="Tom", by=cora, at=timezone.now())
    door = reverse("day-sheet:open", args=[token]) + "?start=1"
    assert "Robotics" in client.get(door).content.decode()
    assert client.post(door, {**tap, "says": "away", "seen": "here"}, HTTP_USER_AGENT="Firefox").status_code == 302
    assert list(Presence.objects.values_list("was_there", "said_by__given_name")) == [(False, "Tom")]

    browser.post(here, {"instead": "closed"})
    time.refresh_from_db()
    assert (time.excuse, "Robotics" in browser.get(here).content.decode()) == ("closed", False)
    browser.post(here, {"instead": "open"})
    time.refresh_from_db()
    assert time.excused_at is None


def test_it_stands_in_the_calendars_of_who_may_know_without_a_childs_name_or_place(
    group, inside, ama, ben, ben_in, grace, tess, cora, riverside, lincoln
):
    session(group, cora, days=7, place="Room 3")
    session(group, cora, days=14)
    closed = (MONDAY + 2 * WEEK).date()
    ClosedTime.objects.create(program=riverside, site=lincoln, starts_on=closed, ends_on=closed)

    def seen(who, **how):
        rows = beside(who, riverside, MONDAY, since=MONDAY, **how)
        return [(row.title, row.starts_at, row.place) for row in rows]

    when = MONDAY + WEEK
    assert seen(ama) == seen(ben) == seen(grace) == seen(tess.person) == [("Group: Robotics", when, "")]
    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=ben, reason="A court order", starts_on=MONDAY.date(),
        review_on=MONDAY.date(), recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip
    assert seen(ama) == seen(grace, known_since=MONDAY - DAY) == []
    assert len(seen(grace)) == 1
    actions.say_off(group.sessions.first(), why="off", by=cora, at=MONDAY)
    assert seen(grace) == []


def test_many_groups_cost_no_more_questions(group, inside, match, riverside, lincoln, tess, cora, as_user):
    addresses = {"/p/riverside/groups/": as_user(cora), "/p/riverside/groups/leading/": as_user(tess)}
    addresses[f"/p/riverside/meetings/sites/{lincoln.ref}/"] = as_user(cora)
    now = timezone.now()

    def asked():
        for_each = []
        for address, browser in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            for_each.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            places_of([*match.mentors, *match.mentees], match.mentors[0].person, now)
        return [*for_each, len(queries)]

    def furnish(one):
        for when in (now, now + DAY):
            actions.set_times(one, starts_at=when, minutes=60, by=cora, at=MONDAY)
        word = {"says": "partly", "pairs": {match: "fine"}, "said_by": tess.person, "by": tess}
        actions.say_headway(one, **word, form_id="w", at=now)

    furnish(group)
    addresses[group.get_absolute_url()] = as_user(cora)
    few = asked()
    for n in range(3):
        given = {"name": f"No {n}", "lead": tess.person, "host": cora, "site": lincoln, "form_id": f"n{n}"}
        more = actions.begin_group(riverside, **given, by=cora, at=MONDAY)
        actions.take_in(more, [*match.mentors, *match.mentees], by=cora, at=MONDAY)
        furnish(more)

    actions.change_group(group, room=None, by=cora, at=MONDAY)
    actions.take_in(group, [child(name, riverside, cora) for name in ("Mia", "Noa")], by=cora, at=MONDAY)
    for n in range(2, 9):
        actions.set_times(group, starts_at=now + n * DAY, minutes=60, by=cora, at=MONDAY)

    assert asked() == few


def test_a_mentor_leads_by_sign_in_and_finds_the_way_on_their_own_page(group, inside, ama, riverside, cora, as_user):
    user = add_user(email="ama@lead.example", name="Ama", by=None, at=MONDAY - WEEK)
    add_member(user, program=riverside, role=Role.objects.get(slug="mentor"), by=None, at=MONDAY - WEEK)
    ama.user = user
    ama.save()
    browser = as_user(user)
    assert "Groups that you lead" not in browser.get("/").content.decode()
    actions.change_group(group, lead=ama, by=cora, at=MONDAY)

    assert "Groups that you lead" in browser.get("/").content.decode()
    page = browser.get("/p/riverside/groups/leading/").content.decode()
    assert ("Robotics" in page, "Adler" in page) == (True, False)
    assert browser.get(group.get_absolute_url()).status_code == 404


def test_how_often_somebody_came_is_told_of_groups_and_mentors_together(
    group, inside, match, ben_in, cora, riverside, as_user
):
    for days, there in ((0, True), (7, False), (14, None)):
        session(group, cora, days=days)
        said(group, ben_in, there, days=days, cora=cora)
    actions.say_off(session(group, cora, days=21), why="off", by=cora, at=MONDAY)
    told = {"held": {"kept_at": MONDAY}, "silent": {}, "mentor": {"missed_at": MONDAY, "cause": "mentor-away"},
            "own": {"missed_at": MONDAY, "cause": "mentee-away"}, "closed": {"excused_at": MONDAY}}  # fmt: skip
    for n, facts in enumerate(told.values()):
        when = MONDAY + timedelta(days=n, hours=3)
        Meeting.objects.create(
            program=riverside, match=match, starts_at=when, ends_at=when + timedelta(hours=1), **facts
        )

    session(group, cora, days=28)
    day = MONDAY.date() + 4 * WEEK
    ClosedTime.objects.create(program=riverside, kind="closure", starts_on=day, ends_on=day)

    found = attendance_of(ben_in, [match.pk], MONDAY + 5 * WEEK)

    assert (found.here, found.away, found.unknown) == (2, 2, 2)
    assert found.last_at == MONDAY + timedelta(hours=3)
    assert "of 4 times that are told of" in as_user(cora).get(ben_in.get_absolute_url()).content.decode()


def test_a_guardian_says_yes_on_their_own_page_and_a_child_cannot(
    group, match, ben, ben_in, grace, riverside, cora, client
):
    [place] = actions.offer_places(group, [ben_in], by=cora, at=MONDAY)
    session(group, cora, days=3000)
    now, pages = timezone.now(), {}
    for who in (ben, grace):
        token = issue_link(purpose="own-page", person=who, about=who, program=riverside, at=now, expires_at=now + DAY)
        pages[who] = reverse("portal:by-link", args=[token]) + "?start=1"
    shown = {who: client.get(page).content.decode() for who, page in pages.items()}
    said = ["Yes, gladly" in shown[ben], "Your family is asked" in shown[ben], "Yes, gladly" in shown[grace]]

    press = {"tell": "group-yes", "place": ben_in.ref, "group": place.ref}
    pressed = [client.post(pages[who], press).status_code for who in (ben, grace, grace)]

    assert (said, pressed, places()) == ([False, True, True], [404, 200, 404], [("Ben", True)])
    for page in pages.values():
        now_shown = client.get(page).content.decode()
        assert [words in now_shown for words in ("Robotics", "Next time", "Adler")] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_place_at_the_same_moment_take_one(group, riverside, cora):
    Group.objects.filter(pk=group.pk).update(room=1)
    both = [child(name, riverside, cora) for name in ("Lily", "Mia")]
    offers = actions.offer_places(group, both, by=cora, at=MONDAY)

    def say_yes():
        mine = offers.pop()
        actions.answer_offer(mine, is_yes=True, said_by=None, by=cora, at=MONDAY)

    at_once(say_yes)

    assert (GroupMember.objects.inside().count(), GroupMember.objects.waiting().count()) == (1, 1)


def test_of_many_people_a_page_shows_some_and_a_name_finds_the_others(
    group, lily_in, ama_in, ben_in, cora, as_user, monkeypatch
):
    browser = as_user(cora)
    monkeypatch.setattr(FEW, 1)
    page = reverse("groups:people", args=["riverside", group.ref])

    assert [name in read(browser.get(page)) for name in ("Ben", "Lily", "name begins")] == [True, False, True]
    assert [name in read(browser.get(page, {"name": "lil"})) for name in ("Ben", "Lily")] == [False, True]
    browser.post(f"{page}?name=lil", {"how": "in", "people": [lily_in.pk]})
    assert [row.participant for row in GroupMember.objects.inside()] == [lily_in]

    led_by = read(browser.get(reverse("groups:change", args=["riverside", group.ref]), {"name": "zz"}))
    assert [name in led_by for name in ("Tess", "Cora", "Ama")] == [True, True, False]


def read(response):
    return response.content.decode()


def letters(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("to__given_name", flat=True))


def test_a_time_called_off_is_told_to_those_in_it_and_of_a_child_to_the_family_without_its_name(
    group, inside, ben_in, ama, grace, ben, riverside, tess, dele, cora
):
    soon = session(group, cora, days=7, place="Room 3")
    over = session(group, cora)
    off, on, hour = "events/session-off", "events/session-on", timedelta(hours=1)

    actions.say_off(over, why="closed", by=cora, at=MONDAY + hour)
    assert letters(off) == []
    actions.say_off(soon, why="off", by=cora, at=MONDAY + hour)
    actions.say_off(soon, why="off", by=cora, at=MONDAY + hour)
    assert letters(off) == ["Ama", "Grace", "Lilys mother"]

    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=inside[2].participant.person, reason="x", starts_on=MONDAY.date(),
        review_on=MONDAY.date(), recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip
    plans = [plan for plan in settle(Message.objects.filter(kind=off), MONDAY + 2 * hour) if plan.address]
    plans.sort(key=lambda plan: plan.message.to.given_name)
    told = {"program": riverside, "person": grace, **plans[0].words}
    words = " ".join(words_of("mail/events/session-off.txt", told, "en"))
    assert [plan.message.to.given_name for plan in plans] == ["Grace", "Lilys mother"]  # Ama: nothing of Lily's
    assert ("Robotics" in words, "Ben" in words) == (True, False)

    Message.objects.filter(kind=off, to=grace).update(state=Message.State.ACCEPTED, final_at=MONDAY + 2 * hour)
    actions.say_on(soon, by=cora, at=MONDAY + 3 * hour)
    assert letters(on) == ["Grace"]
    assert [plan.address for plan in settle(Message.objects.filter(kind=on), MONDAY + 3 * hour)] == [
        "grace@example.org"
    ]
