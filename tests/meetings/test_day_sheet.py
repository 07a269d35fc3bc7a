"""A site's day sheet: one tap for each pair, first names only, said by whoever wrote it, and nobody is asked again."""

from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.access.models import Role
from rapport.care.actions import refresh_findings
from rapport.matches import actions as matches
from rapport.matches.models import Member
from rapport.meetings import actions
from rapport.meetings.actions import Tap, close_today, end_keeper, name_keeper, open_after_all
from rapport.meetings.actions.doubles import say_alike
from rapport.meetings.models import DayKeeper, Log, Mark, Meeting
from rapport.meetings.questions import unlogged
from rapport.meetings.refusals import MarkedMeanwhile
from rapport.meetings.sheet.day import sheet_of
from rapport.meetings.sheet.whose import pairs_at
from rapport.meetings.telling import More
from rapport.outbox.actions import deliver_next
from rapport.outbox.models import Link, Message
from rapport.people.actions import add_person
from rapport.people.models import Restriction
from rapport.programs.actions import add_member
from rapport.programs.models import ClosedTime, Site
from rapport.tasks.models import Task
from tests.cast import DAY, LONG_AGO, MONDAY, open_match, participant, person, staff

pytestmark = pytest.mark.django_db

NOON = MONDAY + timedelta(hours=3)
LATER = NOON + timedelta(hours=2)
TODAY = MONDAY.date()
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (Android 14; Mobile) Firefox/128.0"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


@pytest.fixture
def sent(settings, tmp_path):
    """Deliver what waits, and say which letters left for the first time."""
    settings.MAILBOX = tmp_path / "mailbox"
    known = set()

    def deliver():
        while deliver_next(at=LATER, limit=50):
            pass
        new = sorted(set((tmp_path / "mailbox").glob("*.eml")) - known)
        known.update(new)
        return [message_from_bytes(one.read_bytes(), policy=default) for one in new]

    return deliver


@pytest.fixture
def count():
    """How many queries something takes."""

    def queries(act):
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    return queries


@pytest.fixture
def rosa(riverside, lincoln):
    """Leads at Lincoln School, and there alone."""
    user = staff("Rosa", riverside)
    add_member(user, program=riverside, role=Role.objects.get(slug="site-lead"), site=lincoln, by=None, at=LONG_AGO)
    return user


@pytest.fixture
def meeting(match):
    return expected(match)


def expected(match, starts_at=NOON, **more):
    ends_at = starts_at + timedelta(hours=1)
    return Meeting.objects.create(
        program=match.program, match=match, starts_at=starts_at, ends_at=ends_at, due_at=starts_at, lapses_at=ends_at,
        **more,
    )  # fmt: skip


def tap(browser, meeting, outcome, seen=0, form_id="one", **more):
    typed = {"meeting": meeting.ref, "outcome": outcome, "seen": seen, "form_id": form_id, **more}
    return browser.post(f"/p/riverside/meetings/sites/{meeting.match.site.ref}/", typed)


def page_of(browser, site):
    return browser.get(f"/p/riverside/meetings/sites/{site.ref}/").content.decode()


def said(meeting):
    meeting.refresh_from_db()
    return meeting.standing(LATER).value, meeting.cause, meeting.said_by and meeting.said_by.first_name


def test_one_tap_is_the_record_and_the_weekly_ask_leaves_it_out(as_user, rosa, meeting, lincoln):
    assert unlogged(LATER).count() == 1

    answer = tap(as_user(rosa), meeting, "here")

    assert answer.headers["Location"] == f"/p/riverside/meetings/sites/{lincoln.ref}/#m-{meeting.ref}"
    assert said(meeting) == ("kept", "", "Rosa")
    log = Log.objects.get()
    assert (log.person.first_name, log.source, log.minutes, log.feeling, log.words) == ("Rosa", "sheet", 60, None, "")
    assert unlogged(LATER).count() == 0


@pytest.mark.parametrize(
    ("outcome", "reads"),
    [
        ("child", ("missed", "mentee-away", "Rosa")),
        ("mentor", ("missed", "mentor-away", "Rosa")),
        ("moved", ("excused", "", None)),
    ],
)
def test_what_did_not_happen_has_a_cause_and_who_says_so(as_user, rosa, meeting, outcome, reads):
    tap(as_user(rosa), meeting, outcome)

    assert said(meeting) == reads
    assert unlogged(LATER).count() == 0


def test_a_correction_counts_and_shows_and_one_taken_back_is_asked_again(as_user, rosa, cora, meeting, lincoln):
    tap(as_user(rosa), meeting, "child")
    tap(as_user(cora), meeting, "moved", seen=1, form_id="two")
    tap(as_user(cora), meeting, "here", seen=2, form_id="three")

    assert said(meeting) == ("kept", "", "Cora")
    assert [log.person.first_name for log in Log.objects.all()] == ["Cora"]
    assert "corrected by Cora; it said: moved" in page_of(as_user(rosa), lincoln)

    tap(as_user(cora), meeting, "none", seen=3, form_id="four")

    assert said(meeting) == ("unknown", "", None)
    assert list(Mark.objects.values_list("outcome", flat=True)) == ["child", "moved", "here", "none"]
    assert unlogged(LATER).count() == 1


def test_a_press_sent_twice_and_two_who_say_the_same_are_one_mark(as_user, rosa, cora, meeting):
    for browser, form_id in ((as_user(rosa), "one"), (as_user(rosa), "one"), (as_user(cora), "other")):
        assert tap(browser, meeting, "here", form_id=form_id).status_code == 302

    assert Mark.objects.count() == 1


def test_two_who_say_something_different_at_once_are_told(as_user, rosa, cora, meeting):
    tap(as_user(rosa), meeting, "here")

    answer = tap(as_user(cora), meeting, "child", form_id="two")

    assert answer.status_code == 409
    assert "Somebody marked this pair meanwhile" in answer.content.decode()
    assert said(meeting) == ("kept", "", "Rosa")


def test_a_late_press_from_a_phone_that_was_offline_changes_nothing_again(rosa, meeting):
    who = {"said_by": rosa.person, "source": "page", "by": rosa, "at": LATER}
    actions.mark([Tap(meeting, "here", 0)], form_id="one", **who)
    actions.mark([Tap(meeting, "child", 1)], form_id="two", **who)

    actions.mark([Tap(meeting, "here", 0)], form_id="one", **who)
    with pytest.raises(MarkedMeanwhile):
        actions.mark([Tap(meeting, "mentor", 1)], form_id="three", **who)

    assert said(meeting) == ("missed", "mentee-away", "Rosa")


def test_nobody_is_here_before_it_begins_but_a_child_may_be_known_to_be_away(as_user, rosa, match):
    soon = expected(match, LATER + timedelta(hours=1))

    assert tap(as_user(rosa), soon, "here").status_code == 409
    assert tap(as_user(rosa), soon, "child", form_id="two").status_code == 302

    assert said(soon) == ("missed", "mentee-away", "Rosa")


def test_a_child_who_waited_is_talked_with_the_same_day(as_user, rosa, meeting, lincoln):
    refresh_findings(at=LATER)
    tap(as_user(rosa), meeting, "mentor")
    assert "Did Ben wait for Ama?" in page_of(as_user(rosa), lincoln)

    tap(as_user(rosa), meeting, "mentor", seen=1, form_id="two", waited="yes")
    refresh_findings(at=LATER)

    meeting.refresh_from_db()
    assert meeting.child_waited is True
    call = Task.objects.get(person__given_name="Ben")
    assert (call.due_at.date(), call.owner.name) == (TODAY, "Cora")
    assert "Ben waited" in page_of(as_user(rosa), lincoln)


def test_the_sheet_shows_first_names_the_hour_and_the_room_alone(as_user, rosa, cora, meeting, lincoln, riverside):
    Meeting.objects.update(place="Lincoln School, Room 4")
    other = open_match(
        participant(person("Milo", riverside, born_on=date(1980, 1, 1)), riverside, "mentor"),
        participant(person("Tom", riverside, born_on=date(2014, 1, 1)), riverside, "mentee"), coordinator=cora,
    )  # fmt: skip
    expected(other)
    other.site = Site.objects.create(program=riverside, name="Grant School")
    other.save()

    page = page_of(as_user(rosa), lincoln)

    assert "<b>Ben</b> with Ama" in page
    assert "· Room 4" in page
    for hidden in ("Adler", "Mensah", "Tom", "Milo", "2015"):
        assert hidden not in page


def test_pairs_that_read_alike_are_told_apart_by_the_mentors_letter_then_by_a_number(cora, match, riverside, lincoln):
    expected(match)
    for family in ("Okafor", "Okoro"):
        mentor = participant(person("Ama", riverside, mail=False, family_name=family), riverside, "mentor")
        child = participant(person("Ben", riverside, mail=False, family_name="Zed"), riverside, "mentee")
        expected(open_match(mentor, child, coordinator=cora))

    lincoln.program = riverside
    rows = sheet_of(pairs_at(lincoln, cora, LATER), lincoln, TODAY).rows

    assert sorted(row.told_apart for row in rows) == ["M", "O 1", "O 2"]


def test_a_pair_that_rests_is_not_expected_whatever_the_reason(as_user, rosa, dele, cora, meeting, match, lincoln):
    assert "Ben" in page_of(as_user(rosa), lincoln)

    matches.hold(match, by=dele, at=MONDAY)

    page = page_of(as_user(rosa), lincoln)
    assert "Ben" not in page
    assert "Nobody is expected here on this day." in page
    assert tap(as_user(rosa), meeting, "here").status_code == 409


def test_whoever_is_kept_away_or_looks_after_others_sees_nothing_of_them(
    as_user, rosa, meeting, match, lincoln, ben, cora, riverside
):
    hana = staff("Hana", riverside, "match-support")
    assert as_user(hana).get(f"/p/riverside/meetings/sites/{lincoln.ref}/").status_code == 404
    Restriction.objects.create(
        program=riverside, kept_away=rosa.person, subject=ben, reason="x", starts_on=TODAY, review_on=TODAY + 30 * DAY,
        recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip

    assert "Ben" not in page_of(as_user(rosa), lincoln)
    assert tap(as_user(rosa), meeting, "here").status_code == 409
    assert not Mark.objects.exists()


def test_omar_meets_nothing_of_it(as_user, omar, hill_match, meeting, lincoln):
    theirs = expected(hill_match)
    browser = as_user(omar)
    assert browser.get(f"/p/hillside/meetings/sites/{hill_match.site.ref}/").status_code == 200
    for rest in ("", f"{TODAY}/", f"{TODAY}/paper/", f"{TODAY}/written/", "keepers/"):
        assert browser.get(f"/p/riverside/meetings/sites/{lincoln.ref}/{rest}").status_code == 404
        assert browser.get(f"/p/hillside/meetings/sites/{lincoln.ref}/{rest}").status_code == 404
    typed = {"meeting": meeting.ref, "outcome": "here", "seen": 0, "form_id": "one"}
    assert browser.post(f"/p/hillside/meetings/sites/{hill_match.site.ref}/", typed).status_code == 409

    assert said(meeting)[0] == said(theirs)[0] == "unknown"


# Closed today


def test_closed_today_excuses_all_and_tells_each_person_once(
    as_user, rosa, cora, meeting, match, ama_in, ben, grace, riverside, lincoln
):
    later = expected(match, LATER + timedelta(hours=1))
    lea = participant(person("Lea", riverside, born_on=date(2013, 1, 1), mail=False), riverside, "mentee")
    expected(open_match(ama_in, lea, coordinator=cora), LATER + timedelta(hours=2))
    address = f"/p/riverside/meetings/sites/{lincoln.ref}/"

    for _twice in range(2):
        assert as_user(rosa).post(address, {"instead": "closed"}).status_code == 302

    assert [one.excuse for one in Meeting.objects.all()] == ["closed on that day"] * 3
    assert ClosedTime.objects.values_list("site__name", "kind", "starts_on", "ends_on").get() == (
        "Lincoln School", "closure", TODAY, TODAY,
    )  # fmt: skip
    told = Message.objects.filter(kind="meetings/closed-today").order_by("to__given_name")
    assert [one.to.first_name for one in told] == ["Ama", "Ben", "Grace", "Lea"]
    assert "Closed on this day." in page_of(as_user(rosa), lincoln)
    assert said(later)[0] == "excused"

    as_user(rosa).post(address, {"instead": "open"})

    assert said(later)[0] == "ahead"
    assert not ClosedTime.objects.exists()


def test_no_letter_says_closed_once_it_is_open_again_and_the_told_hear_of_it(
    sent, rosa, meeting, match, lincoln, riverside
):
    expected(match, LATER + timedelta(hours=1))
    lincoln.program = riverside
    close_today(lincoln, on=TODAY, by=rosa, at=LATER)
    open_after_all(lincoln, on=TODAY, by=rosa, at=LATER)
    assert sent() == []

    close_today(lincoln, on=TODAY, by=rosa, at=LATER)
    assert {mail["Subject"] for mail in sent()} == {"Lincoln School is closed today"}
    open_after_all(lincoln, on=TODAY, by=rosa, at=LATER)

    assert {mail["Subject"] for mail in sent()} == {"Lincoln School is open today after all"}


def test_somebody_kept_away_is_not_told_and_whom_no_letter_reaches_is_called(
    rosa, cora, match, ama, grace, ben, lincoln, riverside
):
    expected(match, LATER + timedelta(hours=1))
    ama.contact_points.all().delete()
    Restriction.objects.create(
        program=riverside, kept_away=grace, subject=ben, reason="x", starts_on=TODAY, review_on=TODAY + 30 * DAY,
        recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip
    lincoln.program = riverside

    close_today(lincoln, on=TODAY, by=rosa, at=LATER)

    assert sorted(Message.objects.values_list("to__given_name", flat=True)) == ["Ama", "Ben"]
    assert Task.objects.values_list("owner__name", "reason").get() == (
        "Cora", "Lincoln School is closed today, and no letter reaches Ama. Call them now.",
    )  # fmt: skip


def test_open_after_all_takes_its_calls_away_and_a_plan_changed_meanwhile_leaves_one_meeting(
    rosa, cora, match, ama, lincoln, riverside
):
    ama.contact_points.all().delete()
    actions.make_plan(match, weekday=0, starts_at=time(15), minutes=60, from_on=TODAY, by=cora, at=NOON)
    actions.lay_out_meetings(at=NOON, limit=500)
    lincoln.program = riverside
    close_today(lincoln, on=TODAY, by=rosa, at=NOON)
    assert Task.objects.open().filter(kind="meetings/closed-today").exists()

    actions.make_plan(match, weekday=0, starts_at=time(16), minutes=60, from_on=TODAY, by=cora, at=NOON)
    open_after_all(lincoln, on=TODAY, by=rosa, at=NOON)
    actions.lay_out_meetings(at=NOON, limit=500)

    assert not Task.objects.open().filter(kind="meetings/closed-today").exists()
    today = Meeting.objects.filter(starts_at__date=TODAY)
    assert [(f"{one.starts_at:%H:%M}", one.cause, one.excused_at) for one in today] == [("16:00", "", None)]


def test_a_mentor_who_keeps_the_sheet_says_anew_what_they_told_before(ama, meeting, cora):
    actions.log(meeting, ama, False, cause="mentee-away", words="No one.", source="link", by=ama, at=NOON)

    actions.mark([Tap(meeting, "here", 0)], said_by=ama, source="link", form_id="one", by=ama, at=LATER)

    assert said(meeting) == ("kept", "", "Ama")
    log = Log.objects.get()
    assert (log.happened, log.source, log.former.get().said["words"]) == (True, "link", "No one.")


@pytest.mark.parametrize("outcome", ["here", "child"])
def test_a_mentor_who_takes_such_a_mark_back_has_said_what_they_told_themselves(ama, meeting, outcome):
    """She keeps the sheet: corrected twice and taken back, only her word from before stands, as she said it."""
    began = NOON + timedelta(minutes=5)
    more = More(began_at=began, activity_words="chess", company=("guardian",)) if outcome == "child" else None
    first = {"words": "As it was.", "feeling": 4, "more": more, "source": "link", "form_id": "hers"}
    actions.log(meeting, ama, outcome == "child", **first, by=ama, at=NOON + timedelta(hours=1))
    before = Log.objects.values().get()

    for n, one in enumerate([outcome, "mentor", outcome, "none"]):
        press = {"said_by": ama, "source": "link", "form_id": f"m{n}", "by": ama}
        actions.mark([Tap(meeting, one, n)], **press, at=LATER + timedelta(minutes=n))

    log = Log.objects.get()
    assert Log.objects.values().get() == before
    assert said(meeting)[0] == ("kept" if outcome == "child" else "missed")
    assert [one.said["happened"] for one in log.former.all()].count(outcome != "child") >= 1
    again = actions.log(meeting, ama, outcome == "child", **first | {"words": "x"}, by=ama, at=LATER + DAY)
    assert again.words == "As it was."  # the same press, however late, changes nothing


def test_a_mentor_who_never_told_and_takes_their_mark_back_has_said_nothing(ama, meeting):
    for n, one in enumerate(["child", "none"]):
        actions.mark([Tap(meeting, one, n)], said_by=ama, source="link", form_id=f"m{n}", by=ama, at=LATER)

    assert not Log.objects.exists()
    assert said(meeting) == ("unknown", "", None)


def test_a_sheet_opened_before_two_became_one_marks_the_one_that_goes_on(as_user, rosa, cora, meeting, match, lincoln):
    other = expected(match, NOON + timedelta(minutes=30))
    tap(as_user(rosa), other, "here")
    say_alike(meeting, other, is_one=True, by=cora, at=LATER)
    assert said(meeting)[0] == "kept"

    seen = Tap(other, "child", 1)
    actions.mark([seen], said_by=Mark.objects.get().said_by, source="page", form_id="two", by=rosa, at=LATER)

    assert (said(meeting)[:2], said(other)[0]) == (("missed", "mentee-away"), "excused")
    assert [row.meeting for row in sheet_of(pairs_at(lincoln, cora, LATER), lincoln, TODAY).rows] == [meeting]


# A link of one day


@pytest.fixture
def link(client, rosa, lincoln, riverside, meeting):
    lincoln.program = riverside
    keeper, token = name_keeper(lincoln, given_name="Ms", family_name="Park", by=rosa, at=LATER)
    return keeper, f"/d/{token}/"


def test_by_a_link_of_one_day_a_named_person_marks_without_signing_in(client, link, meeting):
    _keeper, address = link
    start = client.get(address).content.decode()
    assert "Hello Ms" in start
    assert "Ben" not in start

    page = client.get(f"{address}?start=1").content.decode()
    client.post(f"{address}?start=1", {"meeting": meeting.ref, "outcome": "here", "seen": 0, "form_id": "x"}, **BROWSER)

    assert "<b>Ben</b> with Ama" in page
    assert "Adler" not in page
    assert said(meeting) == ("kept", "", "Ms")
    assert Mark.objects.values_list("source", "by").get() == ("link", None)


def test_the_link_ends_with_the_day_with_its_maker_and_with_a_press(client, clock, link, rosa, meeting):
    keeper, address = link
    assert client.get(address).status_code == 200

    clock.move_to(datetime(2026, 11, 17, 0, 0, 1, tzinfo=LATER.tzinfo))
    assert client.get(address).status_code == 404
    clock.move_to(LATER)
    rosa.memberships.update(ends_at=LATER)
    assert client.get(f"{address}?start=1").status_code == 404
    rosa.memberships.update(ends_at=None)
    assert client.get(address).status_code == 200

    end_keeper(keeper, by=rosa, at=LATER)
    end_keeper(keeper, by=rosa, at=LATER)

    assert client.get(address).status_code == 404
    typed = {"meeting": meeting.ref, "outcome": "here", "seen": 0, "form_id": "x"}
    assert client.post(address, typed, **BROWSER).status_code == 404
    assert not Mark.objects.exists()


@pytest.mark.parametrize("near", ["guardian", "kept away", "kept away from its maker"])
def test_by_a_link_nobody_sees_a_child_they_are_near_to_or_kept_away_from(
    client, near, link, meeting, riverside, ben, grace, cora, rosa
):
    keeper, address = link
    if near == "guardian":
        DayKeeper.objects.update(person=add_person(
            organization=riverside.organization, given_name="grace", family_name="ADLER", by=None, at=LATER
        ))  # fmt: skip
        keeper.refresh_from_db()
        Link.objects.update(person=keeper.person)
    else:
        away = rosa.person if "maker" in near else keeper.person
        Restriction.objects.create(
            program=riverside, kept_away=away, subject=ben, reason="x", starts_on=TODAY, review_on=TODAY + 30 * DAY,
            recorded_by=cora, recorded_at=MONDAY,
        )  # fmt: skip

    assert "Ben" not in client.get(f"{address}?start=1").content.decode()


def test_a_machine_that_looks_into_links_marks_nothing(client, link, meeting):
    typed = {"meeting": meeting.ref, "outcome": "here", "seen": 0, "form_id": "x"}
    for agent in ("", "python-requests/2", "Slackbot"):
        assert client.post(f"{link[1]}?start=1", typed, HTTP_USER_AGENT=agent).status_code == 429
    client.get(link[1])
    client.head(f"{link[1]}?start=1")

    assert not Mark.objects.exists()


def test_a_link_is_named_on_a_page_shown_once_and_shut_there(as_user, client, rosa, meeting, lincoln):
    address = f"/p/riverside/meetings/sites/{lincoln.ref}/keepers/"
    browser = as_user(rosa)

    page = browser.post(address, {"given_name": "Jo", "family_name": "Park"})

    assert client.get(urlsplit(page.context["address"]).path).status_code == 200
    assert page.context["address"] not in browser.get(address).content.decode()
    browser.post(address, {"end": DayKeeper.objects.get().ref})
    assert "Jo Park" not in browser.get(address).content.decode()


# On paper


def test_paper_counts_the_same(as_user, rosa, cora, meeting, match, lincoln):
    address = f"/p/riverside/meetings/sites/{lincoln.ref}/{TODAY}/"
    sheet = as_user(rosa).get(f"{address}paper/").content.decode()
    assert f"{lincoln.ref} {TODAY}" in sheet
    assert "<b>Ben</b> with Ama" in sheet
    assert "Adler" not in sheet
    typed = {f"outcome-{meeting.ref}": "child", f"seen-{meeting.ref}": 0, "who": rosa.person.ref, "form_id": "p"}

    with time_machine.travel(LATER + DAY, tick=False):
        for _twice in range(2):
            assert as_user(cora).post(f"{address}written/", typed).status_code == 302

    assert said(meeting) == ("missed", "mentee-away", "Rosa")
    assert Mark.objects.values_list("source", "by__name", "said_by__given_name").get() == ("paper", "Cora", "Rosa")


def test_a_sheet_costs_the_same_for_one_pair_and_for_many(as_user, cora, meeting, riverside, lincoln, count):
    browser = as_user(cora)
    few = count(lambda: page_of(browser, lincoln)), count(lambda: browser.get("/p/riverside/meetings/sites/"))
    for number in range(12):
        mentor = participant(person(f"M{number}", riverside, mail=False), riverside, "mentor")
        child = participant(person(f"C{number}", riverside, mail=False), riverside, "mentee")
        one = expected(open_match(mentor, child, coordinator=cora))
        actions.mark([Tap(one, "here", 0)], said_by=cora.person, source="page", form_id="q", by=cora, at=LATER)

    many = count(lambda: page_of(browser, lincoln)), count(lambda: browser.get("/p/riverside/meetings/sites/"))

    assert many == few


def test_of_a_group_one_says_who_was_not_there(as_user, rosa, meeting, match, riverside, lincoln, ben_in):
    cy = participant(person("Cy", riverside, mail=False), riverside, "mentee")
    Member.objects.create(program=riverside, match=match, participant=cy, side="mentee")
    browser = as_user(rosa)
    assert "<b>Ben, Cy</b> with Ama" in page_of(browser, lincoln)

    tap(browser, meeting, "here")
    tap(browser, meeting, "here", seen=1, form_id="two", absent=[cy.ref, "nobody"])

    assert list(Mark.objects.values_list("outcome", "absent")) == [("here", []), ("here", [cy.ref])]
    assert said(meeting) == ("kept", "", "Rosa")

    tap(browser, meeting, "here", seen=2, form_id="three", absent=[cy.ref, ben_in.ref])

    assert said(meeting) == ("missed", "mentee-away", "Rosa")


ODD = ["", "\0", "x" * 5000, "💥", "-1", "1e9", "' OR 1=1 --", "none", "99999999999999999999"]


def test_nonsense_on_a_sheet_is_refused_kindly_and_changes_nothing(as_user, client, rosa, link, meeting, lincoln):
    browser, site = as_user(rosa), f"/p/riverside/meetings/sites/{lincoln.ref}/"
    good = {"meeting": meeting.ref, "outcome": "here", "seen": "0", "form_id": "f"}
    for name in good:
        for odd in ODD:
            if name != "form_id" or odd in ("", "\0", "💥"):
                for answer in (
                    browser.post(site, good | {name: odd}),
                    client.post(link[1], good | {name: odd}, **BROWSER),
                ):
                    assert answer.status_code in (302, 409, 422), (name, odd)
    for odd in ODD:
        names = {"given_name": odd, "family_name": odd}
        assert browser.post(f"{site}keepers/", names if odd not in ("-1", "1e9") else {}).status_code in (200, 422)
        assert browser.post(f"{site}keepers/", {"end": odd}).status_code == 404
        assert browser.get(f"{site}{odd.replace('/', '') or 'x'}/").status_code == 404
        written = {"who": odd, "form_id": "p", f"outcome-{meeting.ref}": odd, f"seen-{meeting.ref}": odd}
        assert browser.post(f"{site}{TODAY}/written/", written).status_code in (302, 422)
    assert browser.post(site, {"instead": "x"}).status_code == 422

    assert not Mark.objects.exists()
