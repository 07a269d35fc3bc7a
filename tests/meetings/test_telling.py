"""Somebody tells how a meeting was on a page of their own: signed in or by a link, in a few taps."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.meetings.actions import log
from rapport.meetings.actions.feeds import open_own_meetings
from rapport.meetings.models import Attempt, Log, Meeting
from rapport.people.models import Restriction
from rapport.programs.actions import add_member
from rapport.safeguarding.models import Concern, TriageItem
from tests.cast import DAY, LONG_AGO, MONDAY, PASSWORD
from tests.meetings.test_logs import met_on

pytestmark = pytest.mark.django_db
AGENT = {"HTTP_USER_AGENT": "Mozilla/5.0"}
AT = MONDAY + timedelta(minutes=10)
HERE = "/p/riverside/meetings/told/"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def page(client, riverside):
    """Opens the page of somebody by their link, or sends something to it."""

    def go(person, **sent):
        token = open_own_meetings(person, program=riverside, at=MONDAY)
        address = reverse("feeds:told", args=[token])
        return client.post(address, sent, **AGENT) if sent else client.get(address, **AGENT)

    return go


def signs_in(person, program, role):
    person.user = add_user(email=f"{role}@example.org", name=person.given_name, password=PASSWORD, by=None, at=LONG_AGO)
    person.save(update_fields=["user"])
    add_member(person.user, program=program, role=Role.objects.get(slug=role), by=None, at=LONG_AGO)
    return person.user


def test_two_taps_tell_of_a_meeting_and_sent_twice_is_once(page, match, ama):
    meeting = met_on(match, 1)
    assert "with Ben" in page(ama).content.decode()
    assert "Did you meet?" in page(ama, what="open", meeting=meeting.ref).content.decode()

    sent = {"what": "tell", "meeting": meeting.ref, "met": "yes", "minutes": "45", "form_id": "one"}
    assert "Your word has arrived" in page(ama, **sent).content.decode()
    page(ama, **sent)

    said = Log.objects.get()
    assert (said.person, said.minutes, said.source, said.is_suspect) == (ama, 45, "link", False)
    assert Meeting.objects.get().minutes == 45


@pytest.mark.parametrize("adults_only", [False, True])
def test_where_all_are_grown_up_nobody_is_asked_of_a_young_person(page, match, ama, riverside, adults_only):
    meeting = met_on(match, 1)
    type(riverside).objects.update(adults_only=adults_only)

    words = page(ama, what="open", meeting=meeting.ref).content.decode()

    assert ("a young person waited" in words) is not adults_only


def test_each_adds_their_side_and_none_reads_the_others(page, match, ama, ben, grace, cora):
    meeting = met_on(match, 1)
    for person, feel, words in [(ama, 5, "Canary of Ama"), (ben, 1, "Canary of Ben"), (grace, 2, "Canary of Grace")]:
        page(person, what="tell", meeting=meeting.ref, met="yes", feel=feel, words=words, form_id=words)

    logs = Log.objects.order_by("pk")
    assert [(one.person, one.feeling, one.level) for one in logs] == [(ama, 5, 1), (ben, 1, 2), (grace, 2, 2)]
    for person in (ama, ben, grace):
        html = page(person).content + page(person, what="open", meeting=meeting.ref).content
        assert b"Canary" not in html
    another = met_on(match, 5)
    page(ben, what="tell", meeting=another.ref, met="yes", form_id="alone")
    assert {row.meeting: row.was_told for row in page(ama).context["rows"]} == {meeting: True, another: False}


def test_what_a_machine_may_have_pressed_takes_no_confirmed_words_place(match, ama):
    meeting = met_on(match, 1)
    log(meeting, ama, True, minutes=60, source="page", by=ama, at=MONDAY)

    log(meeting, ama, False, cause="other", source="link", is_suspect=True, by=ama, at=AT)

    assert Log.objects.values_list("happened", "minutes", "is_suspect").get() == (True, 60, False)


def test_a_mentors_pages_are_the_same_with_and_without_the_mentees_feeling(
    page, client, as_user, match, riverside, ama, ben
):
    meeting = met_on(match, 1)
    user = signs_in(ama, riverside, "mentor")
    addresses = [HERE, "/p/riverside/meetings/mine/", "/", "/p/riverside/", match.get_absolute_url()]

    def all_of_it():
        browser = as_user(user)
        pages = [browser.get(address) for address in addresses]
        pages.append(browser.post(HERE, {"what": "open", "meeting": meeting.ref}))
        return [(one.status_code, plain(one.content.decode())) for one in pages]

    log(meeting, ama, True, minutes=60, source="page", by=ama, at=MONDAY)
    before = all_of_it()
    log(meeting, ben, True, feeling=1, words="Canary", source="link", by=ben, at=MONDAY)

    assert all_of_it() == before
    assert before[0][0] == before[1][0] == before[-1][0] == 200


def plain(html):
    from tests.safeguarding.test_nothing_shows import CHANGING

    return CHANGING.sub("", html)


def test_a_worry_goes_to_who_reads_worries_and_ends_in_no_log(page, match, ben, ama, duty_of_all):
    meeting = met_on(match, 1)
    first = {"what": "tell", "meeting": meeting.ref, "met": "yes"}

    answer = page(ben, **first, worry="yes", worry_words="He shouted.", form_id="1")
    page(ama, **first, worry_words="He was very quiet.", form_id="2")

    assert "reads this the same working day" in answer.content.decode()
    assert (Concern.objects.get().words, Concern.objects.get().subject) == ("He shouted.", ben)
    assert (TriageItem.objects.get().words, TriageItem.objects.get().person) == ("He was very quiet.", ama)
    assert [one.words for one in Log.objects.all()] == ["", ""]


@pytest.fixture
def duty_of_all(riverside, dele, dora, dan):
    from datetime import time

    from rapport.safeguarding.actions import name_duty

    return name_duty(
        riverside, lead=dele, second_lead=dora, cover=dan, outside_contact="County line, 555 0199", read_by=time(16),
        by=dele, at=MONDAY,
    )  # fmt: skip


@pytest.fixture
def dan(riverside):
    from tests.cast import staff

    return staff("Dan", riverside, "safeguarding-lead")


def test_a_meeting_that_was_not_planned_is_told_and_the_planned_one_of_that_day_is_the_same(page, match, ama):
    expected = met_on(match, 3)

    for days, began in ((2, "17:00"), (3, "11:30")):
        day = (MONDAY - days * DAY).date().isoformat()
        page(ama, what="another", pair=match.ref, on=day, began=began, minutes="30")

    assert Meeting.objects.count() == 2
    new = Meeting.objects.exclude(pk=expected.pk).get()
    page(ama, what="tell", meeting=new.ref, met="yes", minutes="30", form_id="1")
    page(ama, what="tell", meeting=expected.ref, met="yes", minutes="30", began="11:30", form_id="2")
    assert [one.began_at and one.began_at.hour for one in Log.objects.order_by("pk")] == [None, 11]
    assert Meeting.objects.held().count() == 2


@pytest.mark.parametrize("day", ["17 11 2026", "16 11 2030", "1 1 1900"])
def test_nobody_met_on_a_day_to_come_or_before_they_began(page, match, ama, day):
    answer = page(ama, what="another", pair=match.ref, on=day, began="15:30", minutes="60")

    assert answer.status_code == 422
    assert not Meeting.objects.exists()
    assert "It cannot be" in answer.content.decode()


def test_what_is_to_be_put_right_is_said_at_the_head_of_the_list(page, match, ama):
    tried = page(ama, what="tried", pair=match.ref, on="", how="phone").content.decode()

    assert tried.index("One thing to put right") < tried.index("We met another time, too")
    assert 'href="#tried-on"' in tried
    assert tried.count('id="id_on"') == tried.count('id="tried-on"') == 1


def test_nobody_met_at_an_hour_of_today_that_is_to_come(page, match, ama):
    answer = page(ama, what="another", pair=match.ref, on="16 11 2026", began="23:00", minutes="60")

    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def test_each_says_in_the_first_person_that_it_was_they_who_could_not_come(page, match, ama, ben, grace):
    meeting = met_on(match, 1)

    pages = {who: page(who, what="open", meeting=meeting.ref).content.decode() for who in (ama, ben, grace)}

    assert '<option value="mentor-away">I was away</option>' in pages[ama]
    assert '<option value="mentee-away">I was away</option>' in pages[ben]
    assert "I was away" not in pages[grace]


def test_an_attempt_is_no_meeting_and_nobodys_miss(page, match, ama, ben):
    page(ama, what="tried", pair=match.ref, on=MONDAY.date().isoformat(), how="phone", form_id="1")
    page(ama, what="tried", pair=match.ref, on=MONDAY.date().isoformat(), how="phone", form_id="1")
    page(ben, what="tried", pair=match.ref, on=MONDAY.date().isoformat(), how="phone", form_id="2")

    assert [(one.person, one.how, one.source) for one in Attempt.objects.all()] == [(ama, "phone", "link")]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"met": ""}, 422),
        ({"met": "yes", "minutes": "1800"}, 422),
        ({"met": "yes", "began": "25:00"}, 422),
        ({"met": "yes", "activity": "sky-diving"}, 422),
        ({"met": "yes", "feel": "9"}, 422),
        ({"met": "yes", "words": "x" * 10_001}, 422),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_kept(page, match, ama, sent, status):
    meeting = met_on(match, 1)

    answer = page(ama, what="tell", meeting=meeting.ref, form_id="1", **sent)

    assert answer.status_code == status
    assert not Log.objects.exists()


def test_nobody_tells_of_what_is_not_theirs_or_is_to_come(
    page, as_user, match, hill_match, ama, omar, grace, ben, cora
):
    theirs, ahead = met_on(hill_match, 1), met_on(match, -1)
    for meeting in (theirs, ahead):
        assert page(ama, what="tell", meeting=meeting.ref, met="yes", form_id="1").status_code == 404
    assert as_user(omar).get(HERE).status_code == 404

    Restriction.objects.create(
        program=match.program, subject=ben, kept_away=grace, reason="a court", starts_on=LONG_AGO.date(),
        review_on=(MONDAY + 90 * DAY).date(), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip
    assert page(grace).status_code == 404
    assert not Log.objects.exists()


def test_the_page_asks_no_more_of_the_database_with_more_meetings(page, match, ama, django_assert_max_num_queries):
    for days in range(1, 11):
        met_on(match, days)
    with django_assert_max_num_queries(40):
        page(ama)
