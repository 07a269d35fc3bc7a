"""The page of a pair's meetings: by a link for each of them, on paper, and written down by staff."""

from datetime import time

import pytest
from django.utils import timezone

from rapport.core.months import moment
from rapport.matches.models import Match
from rapport.meetings.actions import add_to_agenda, lay_out_meetings, make_plan, say_free_times
from rapport.meetings.actions.feeds import open_own_meetings
from rapport.meetings.free import shared
from rapport.meetings.models import AgendaItem, FreeTime, Meeting, Plan, Rearrangement
from rapport.meetings.own.place import ours
from rapport.outbox.actions import issue_link
from rapport.outbox.kinds import KINDS
from rapport.outbox.models import Message
from rapport.people.models import Restriction
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db
TWO_WEEKS = 14 * DAY


@pytest.fixture
def ahead(match, cora):
    """Ama and Ben mean to meet at half past three, one week from today and every week from then on."""
    at = timezone.now()
    day = at.date() + 7 * DAY
    make_plan(match, weekday=day.weekday(), starts_at=time(15, 30), minutes=60, from_on=day, by=cora, at=at)
    lay_out_meetings(at=at, limit=500)
    return Meeting.objects.earliest("starts_at")


@pytest.fixture
def door(match, riverside):
    """The address of somebody's page."""

    def of(person, at=None):
        at = at or timezone.now() - DAY
        token = issue_link(
            purpose="meetings", person=person, about=match, program=riverside, at=at, expires_at=at + TWO_WEEKS
        )
        return f"/w/{token}/"

    return of


def press(client, path, **typed):
    return client.post(path, typed, headers={"User-Agent": "Mozilla/5.0 (a phone)"})


def test_a_look_changes_nothing_and_shows_no_more_than_a_first_name_before_a_press(ahead, door, client, ama):
    page = client.get(door(ama))
    assert "Ama" in page.content.decode()
    assert "Ben" not in page.content.decode()

    page = client.get(door(ama) + "?start=1").content.decode()
    assert "You and Ben" in page
    assert not Rearrangement.objects.exists()


def test_ben_calls_off_and_takes_it_back_and_grace_moves_it_for_him(ahead, door, client, ben, grace, ama, riverside):
    assert press(client, door(ben), do="call-off", meeting=ahead.ref).status_code == 200
    assert press(client, door(ben), do="on-again", meeting=ahead.ref).status_code == 200
    day = ahead.starts_at.date() + DAY
    new = {f"{ahead.ref}-starts_at": f"{day.day} {day.month} {day.year} 16:00"}
    assert press(client, door(grace), do="move", meeting=ahead.ref, **new).status_code == 200
    assert (
        press(client, door(ama), do="move", meeting=ahead.ref, **{f"{ahead.ref}-starts_at": "soon"}).status_code == 422
    )

    assert [(one.what, one.person, one.written_by) for one in Rearrangement.objects.all()] == [
        ("cancelled", ben, None), ("again", ben, None), ("moved", grace, None),
    ]  # fmt: skip
    ahead.refresh_from_db()
    assert ahead.starts_at == moment(day, time(16), riverside.zone)


def test_a_machine_that_looks_into_mail_moves_nothing(ahead, door, client, ama):
    page = client.post(door(ama), {"do": "call-off", "meeting": ahead.ref}, headers={"User-Agent": "SafeLinks scan"})
    assert page.status_code == 409
    assert not Rearrangement.objects.exists()


def test_what_ben_wants_to_talk_about_his_mentor_reads_and_staff_only_where_he_says_so(
    ahead, door, client, as_user, ama, ben, grace, cora, omar, match
):
    press(client, door(ben), do="add", kind="topic", **{"topic-words": "the test on Friday"})
    press(client, door(ben), do="add", kind="topic", **{"topic-words": "a bus ticket", "topic-for_staff_too": "on"})
    press(client, door(ama), do="add", kind="agreed", **{"agreed-words": "look for a library card"})
    mentor, guardian = (client.get(door(one) + "?start=1").content.decode() for one in (ama, grace))

    assert all(words in mentor for words in ("the test on Friday", "a bus ticket", "look for a library card"))
    assert not any(words in guardian for words in ("test on Friday", "bus ticket", "library card"))
    path = f"/p/riverside/meetings/of/{match.ref}/agenda/"
    page = as_user(cora).get(path).content.decode()
    assert "the test on Friday" not in page
    assert all(words in page for words in ("a bus ticket", "look for a library card", "for the two of them"))
    assert as_user(omar).get(path).status_code == 404


def test_it_stays_from_meeting_to_meeting_until_somebody_ticks_it_off(ahead, door, client, ama, ben, match):
    item = add_to_agenda(match, kind="agreed", words="read chapter two", person=ben, by=ben, at=MONDAY)
    Meeting.objects.filter(pk=ahead.pk).update(kept_at=MONDAY)
    assert "read chapter two" in client.get(door(ama) + "?start=1").content.decode()

    press(client, door(ama), do="done", item=item.ref)

    assert "read chapter two" not in client.get(door(ben) + "?start=1").content.decode()
    assert AgendaItem.objects.get().done_by == ama


def test_while_they_rest_nothing_is_expected_and_no_words_go_across(ahead, door, client, ama, match):
    match.state = "paused"
    match.save()
    page = client.get(door(ama) + "?start=1").content.decode()
    assert "There is a break at the moment." in page
    assert press(client, door(ama), do="add", kind="topic", **{"topic-words": "hello"}).status_code == 409
    assert press(client, door(ama), do="call-off", meeting=ahead.ref).status_code == 409
    assert not AgendaItem.objects.exists()


def test_who_is_kept_away_or_of_another_pair_meets_what_a_stranger_meets(
    ahead, door, client, grace, ben, ama, riverside, cora, hill_match, match
):
    path = door(grace)
    assert client.get(path).status_code == 200
    Restriction.objects.create(
        program=riverside, kept_away=grace, subject=ben, reason="court", starts_on=MONDAY.date() - DAY,
        review_on=MONDAY.date() + 400 * DAY, recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip
    stranger = hill_match.members.first().participant.person

    pages = [client.get(one) for one in (path, door(stranger), "/w/no-such-token/", door(ama, MONDAY - 400 * DAY))]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_free_hours_of_both_stand_side_by_side_and_what_they_share_is_offered(
    ahead, door, client, as_user, ama, ama_in, ben_in, cora, match
):
    typed = {"from_1": "15:00", "until_1": "18:00", "from_3": "09:00", "until_3": "10:00"}
    assert press(client, door(ama), do="free", **typed).status_code == 200
    assert press(client, door(ama), do="free", from_1="18:00", until_1="15:00").status_code == 422
    say_free_times(ben_in, [(1, time(16), time(17, 30)), (3, time(9, 30), time(12))], by=cora, at=MONDAY)

    page = as_user(cora).get(f"/p/riverside/meetings/of/{match.ref}/plan/").content.decode()

    assert "?weekday=1&amp;starts_at=16:00" in page
    assert "?weekday=3" not in page
    assert FreeTime.objects.filter(participant=ama_in).count() == 2


@pytest.mark.parametrize(
    ("everybody", "expected"),
    [
        ([], []), ([[(0, time(9), time(12))], []], []),
        ([[(0, time(9), time(12))], [(0, time(11), time(14))]], [(0, time(11), time(12))]),
        ([[(0, time(9), time(12))], [(0, time(11, 30), time(14))]], []),
        (
            [[(0, time(9), time(10)), (0, time(10), time(12))], [(0, time(9, 30), time(11))]],
            [(0, time(9, 30), time(11))],
        ),
        ([[(0, time(9), time(12))], [(1, time(9), time(12))]], []),
    ],
)  # fmt: skip
def test_the_hours_that_all_of_them_share(everybody, expected):
    assert shared(everybody, 60) == expected


def test_cora_moves_a_meeting_for_somebody_and_writes_down_what_they_want_to_talk_about(
    ahead, as_user, cora, omar, ben, match
):
    path, browser = f"/p/riverside/meetings/{ahead.ref}/change/", as_user(cora)
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"what": "move", "person": ben.ref}).status_code == 422
    assert browser.post(path, {"what": "off", "person": ben.ref, "cause": "mentee-away"}).status_code == 302
    listed = f"/p/riverside/meetings/of/{match.ref}/agenda/"
    assert browser.post(listed, {"kind": "topic", "person": ben.ref, "words": "a bike"}).status_code == 302

    one = Rearrangement.objects.get()
    assert (one.what, one.person, one.written_by) == ("cancelled", ben, cora)
    page = browser.get(listed).content.decode()
    assert "a bike" in page
    assert "hours before" in page
    sheet = f"/p/riverside/meetings/of/{match.ref}/sheet/"
    assert "a bike" not in browser.get(sheet).content.decode()
    for address in (path, sheet):
        assert as_user(omar).get(address).status_code == 404


def test_a_place_that_nobody_said_yes_to_is_kept_for_somebody_to_look_at(as_user, match, cora):
    typed = {
        "weekday": "2", "starts_at": "15:30", "minutes": "60", "every_weeks": "m1", "nth": "5", "from_on": "1 12 2026",
        "mode": "public", "place": "the library",
    }  # fmt: skip
    browser = as_user(cora)
    path = f"/p/riverside/meetings/of/{match.ref}/plan/"
    assert browser.post(path, typed | {"nth": ""}).status_code == 422
    assert browser.post(path, typed | {"mode": "home"}).status_code == 422
    assert browser.post(path, typed).status_code == 302

    plan = Plan.objects.get()
    assert (plan.every_months, plan.nth, plan.mode, plan.for_review) == (1, 5, "public", True)
    assert "somebody looks at that first" in browser.get(match.get_absolute_url()).content.decode()

    browser.post(f"/p/riverside/meetings/of/{match.ref}/place/")

    plan.refresh_from_db()
    assert not plan.for_review
    assert match.program.tasks.filter(kind="meetings/place", kept_at__isnull=False).count() == 1


def test_all_are_written_to_once_when_they_meet_and_the_link_opens_their_own_page(as_user, match, cora, client, ama):
    at = timezone.now()
    day = at.date() + 7 * DAY
    typed = {
        "weekday": str(day.weekday()), "starts_at": "15:30", "minutes": "60", "every_weeks": "2", "mode": "school",
        "from_on": f"{day.day} {day.month} {day.year}", "tell": "on", "place": "room 7",
    }  # fmt: skip
    as_user(cora).post(f"/p/riverside/meetings/of/{match.ref}/plan/", typed)
    riding = Message.objects.filter(kind="meetings/when").select_related("to")
    assert sorted(one.to.first_name for one in riding) == ["Ama", "Ben", "Grace"]

    words = KINDS["meetings/when"].words(riding, at)[riding[0].pk]

    assert [one.date() for one in words["days"]] == [day + n * 14 * DAY for n in range(4)]
    assert words["place"] == "room 7"
    assert KINDS["meetings/when"].wanted(riding, at).count() == 3
    Plan.objects.update(until_on=day - DAY)
    assert not KINDS["meetings/when"].wanted(riding, at).exists()


def test_a_permission_taken_back_shuts_it_at_once(match, ben, ama, grace):
    them = Match.objects.select_related("program", "site").with_people().get(pk=match.pk)
    them.mentees[0].gates.filter(code="permission").update(is_met=False)

    assert [ours(somebody, them, timezone.now()) for somebody in (ama, ben, grace)] == [None] * 3


def test_signs_that_no_database_takes_find_nothing(ahead, client, ama, riverside):
    token, ref = open_own_meetings(ama, program=riverside, at=timezone.now()), ahead.match.ref

    answers = [
        press(client, f"/k/{token}/told/", what="open", meeting="\x00"),
        client.get(f"/k/{token}/outing/{ref}/?of=%00"),
        press(client, f"/k/{token}/outing/{ref}/", do="off", outing="\x00"),
    ]

    assert [one.status_code for one in answers if one.status_code >= 500] == []
