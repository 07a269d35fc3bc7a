"""What staff see of one meeting: each one's word, where they differ, how well it is known; and two that are one."""

import pytest
import time_machine

from rapport.meetings.actions import log
from rapport.meetings.actions.doubles import say_alike
from rapport.meetings.models import Log, Meeting
from rapport.meetings.refusals import LookedAtMeanwhile
from rapport.meetings.sides import differences, grade_of, mentors_of, twins_of, views_of
from rapport.meetings.telling import More
from rapport.meetings.together import time_of
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, staff
from tests.meetings.test_logs import met_on, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(MONDAY, tick=False):
        yield


def page_of(browser, meeting):
    return browser.get(f"/p/riverside/meetings/{meeting.ref}/").content.decode()


def test_staff_read_each_side_and_where_they_differ_and_others_do_not(as_user, match, riverside, ama, ben, cora):
    meeting = met_on(match, 1)
    tell(meeting, ama, minutes=60, words="Canary of Ama", more=More(mode="school", activity="games"))
    tell(meeting, ben, minutes=30, feeling=2, words="Canary of Ben")
    tell(meeting, ama, minutes=90)

    page = page_of(as_user(cora), meeting)
    assert "both sides told us" in page
    assert "Ben: 30 minutes. Ama: 90 minutes." in page
    assert all(words in page for words in ("Canary of Ama", "Canary of Ben", "2 of 5", "Games", "60 min"))

    site = staff("Sid", riverside, "site-lead")
    site.memberships.update(site=riverside.sites.get())
    page = page_of(as_user(site), meeting)
    assert "Games" in page
    assert not [words for words in ("Canary", "2 of 5", "differ", "Ben: 30", "both sides") if words in page]


def test_one_says_they_met_and_the_other_that_they_did_not(match, ama, ben, riverside):
    meeting = met_on(match, 1)
    tell(meeting, ama)
    tell(meeting, ben, False, cause="mentor-away")

    found = differences(views_of(meeting, may_read=True), riverside.limit("minutes-apart"))

    assert found == ["Ama: they met. Ben: they did not."]


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ([], None), (["page"], "one"), (["number"], "number"), (["staff"], "staff"), (["list"], "list"),
        (["before"], "before"), (["link", "link of the mentee"], "both"), (["number", "link of the mentee"], "one"),
    ],
)  # fmt: skip
def test_how_well_it_is_known(match, ama, ben, told, grade):
    meeting = met_on(match, 1)
    for source in told:
        log(meeting, ben if "mentee" in source else ama, True, source=source.split()[0], by=None, at=MONDAY)

    assert grade_of(list(meeting.logs.all()), mentors_of(match)) == grade


def test_two_that_are_one_are_joined_without_loss(as_user, match, ama, ben, cora):
    planned, added = met_on(match, 1), met_on(match, 23 / 24)  # an hour later
    tell(planned, ama, minutes=40, words="first")
    tell(added, ama, minutes=45, words="second")
    tell(added, ben, minutes=50)
    assert "Written down twice?" in page_of(as_user(cora), planned)

    as_user(cora).post(f"/p/riverside/meetings/{planned.ref}/", {"alike": "one", "other": added.ref})

    planned.refresh_from_db()
    added.refresh_from_db()
    assert (planned.minutes, added.joined_to, added.kept_at) == (40, planned, None)
    assert set(planned.logs.values_list("person", flat=True)) == {ama.pk, ben.pk}
    assert Log.objects.get(words="second").meeting == added
    tell(added, ben, minutes=55)
    assert Log.objects.get(person=ben).meeting == planned
    with pytest.raises(LookedAtMeanwhile):
        say_alike(planned, added, is_one=True, by=cora, at=MONDAY)


def test_two_that_are_two_are_asked_about_once(as_user, match, cora):
    first, second = met_on(match, 1), met_on(match, 23 / 24)  # an hour later

    as_user(cora).post(f"/p/riverside/meetings/{first.ref}/", {"alike": "two", "other": second.ref})

    assert twins_of(second) == twins_of(first) == []
    assert as_user(cora).post(f"/p/riverside/meetings/{first.ref}/", {"alike": "one", "other": "x"}).status_code == 409


def test_unprepared_twice_in_a_row_is_one_talk_and_no_more(match, ama, cora):
    for days in (22, 15, 8, 1):
        meeting = met_on(match, days)
        tell(meeting, ama, more=More(was_prepared=days == 22), at=meeting.ends_at)

    tasks = Task.objects.filter(kind="meetings/prepared")
    assert [(task.owner, task.reason) for task in tasks] == [
        (cora, "Ama told us 2 times in a row that the other side came unprepared. Ask what would help.")
    ]


def test_one_side_not_there_twice_in_a_row_is_one_kind_talk_for_the_run(match, ama, ben, cora):
    def away(days, cause="mentee-away", who=ama, **more):
        meeting = met_on(match, days)
        Meeting.objects.filter(pk=meeting.pk).update(**more)
        tell(meeting, who, False, cause=cause, at=meeting.ends_at)
        return [(task.owner, task.reason) for task in Task.objects.filter(kind="meetings/stayed-away")]

    assert away(50) == []
    assert away(43, "mentor-away") == []
    assert away(36, "mentor-away", who=ben) == []  # one voice by link alone: nobody is a no-show on it
    assert away(29, cancelled_at=MONDAY - 40 * DAY) == []
    assert away(22) == []
    called = away(15)
    assert called == [(cora, "The mentee was not there 2 times in a row. Ask kindly what would help.")]
    assert away(8) == called


def test_staff_write_down_a_number_from_a_text_and_what_they_did(as_user, match, ama, cora):
    meeting = met_on(match, 1)
    told = {"way": "number", "person": ama.ref, "happened": "yes", "minutes": "45", "company": ["guardian"]}

    assert as_user(cora).post(f"/p/riverside/meetings/{meeting.ref}/", told).status_code == 302

    said = Log.objects.get()
    assert (said.source, said.minutes, said.company) == ("number", 45, ["guardian"])
    wrong = as_user(cora).post(f"/p/riverside/meetings/{meeting.ref}/", told | {"activity": "x"})
    assert wrong.status_code == 422


def test_where_words_differ_a_person_asks_once_and_what_agrees_again_ends_it(match, ama, ben, cora):
    meeting = met_on(match, 1)
    tell(meeting, ben, False, cause="mentor-away")
    assert not Task.objects.exists()

    tell(meeting, ama)
    tell(meeting, ama, minutes=50)
    task = Task.objects.get()
    assert (task.owner, task.reason, task.level) == (
        cora, "About the meeting of 15 November one says that they met, another that they did not. Read both.", 2
    )  # fmt: skip

    tell(meeting, ben, minutes=50)
    assert not Task.objects.open().exists()


def test_the_talk_about_two_words_goes_over_to_the_one_that_goes_on(match, ama, ben, cora):
    first, second = met_on(match, 1), met_on(match, 23 / 24)
    tell(second, ama)
    tell(second, ben, False)

    say_alike(first, second, is_one=True, by=cora, at=MONDAY)

    assert Task.objects.open().get().cause_key == f"differ:{first.ref}"


def test_three_that_are_one_count_once(match, ama, ben, cora):
    first, second, third = met_on(match, 1), met_on(match, 23 / 24), met_on(match, 22 / 24)
    say_alike(second, third, is_one=True, by=cora, at=MONDAY)
    say_alike(first, second, is_one=True, by=cora, at=MONDAY)

    tell(third, ama)
    tell(second, ben)  # as a page knows it that was opened before

    assert [one.kept_at is not None for one in Meeting.objects.order_by("pk")] == [True, False, False]
    match.refresh_from_db()
    time = time_of([match], MONDAY)[match.pk].so_far
    assert (time.meetings, time.excused, time.unknown) == (1, 0, 0)
