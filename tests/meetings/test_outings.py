"""An outing is permitted by the guardians and by nothing else; silence, a change and a no are each no."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory

from rapport.matches.models import Match
from rapport.meetings.actions import outings as actions
from rapport.meetings.actions.feeds import open_own_meetings
from rapport.meetings.models import Meeting, Outing, OutingWord
from rapport.meetings.outings import refusals
from rapport.meetings.outings.letters import PURPOSE
from rapport.meetings.outings.looking import behind_the_link
from rapport.meetings.outings.standing import standing_of
from rapport.onboarding.models import Gate
from rapport.outbox.actions import deliver_next, issue_link
from rapport.outbox.looking import Look
from rapport.outbox.models import Message
from rapport.people.models import Guardianship, Person, Restriction
from rapport.programs.models import Limit
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, person
from tests.outbox.conftest import sink  # noqa: F401

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY.replace(hour=14) + 4 * DAY
HUMAN = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0"}
ZOO = {"what": "See the penguins", "place": "The zoo", "transport": "public", "company": ""}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def times(starts_at=FRIDAY, hours=3):
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}


@pytest.fixture
def zoo(match, ama):
    return actions.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())


@pytest.fixture
def george(ben, riverside):
    """Ben's father, who may say it, too."""
    adult = person("George", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=adult, child=ben, starts_on=date(2015, 4, 2))
    return adult


def say(outing, somebody, is_yes, *, at=MONDAY, **more):
    ben = Person.objects.get(given_name="Ben")
    more = {"version": outing.version, "by": somebody, **more}
    return actions.say_to_outing(outing, child=ben, person=somebody, is_yes=is_yes, at=at, **more)


def may_go(outing, at=MONDAY):
    return standing_of(Outing.objects.select_related("program").get(pk=outing.pk), at).is_permitted


def sent(sink, at=MONDAY):  # noqa: F811
    while deliver_next(at=at):
        pass
    found = sorted((to[0], mail["Subject"]) for to, mail in sink.letters)
    sink.letters.clear()
    return found


def test_before_anybody_spoke_nobody_reads_of_a_no(as_user, zoo, cora):
    page = as_user(cora).get(f"/p/riverside/meetings/outings/{zoo.ref}/").content.decode()
    assert "Not permitted yet." in page

    say(zoo, Person.objects.get(given_name="Grace"), False)

    page = as_user(cora).get(f"/p/riverside/meetings/outings/{zoo.ref}/").content.decode()
    assert "Not permitted." in page


def test_a_yes_permits_and_the_mentor_hears_that_alone(zoo, grace, ama, sink):  # noqa: F811
    asked = sent(sink)
    before = may_go(zoo)
    say(zoo, grace, True)

    assert asked == [("grace@example.org", "An outing on Friday 20 November: may they go? Riverside mentoring")]
    assert (before, may_go(zoo)) == (False, True)
    assert ("ama@example.org", "You may go on Friday 20 November") in sent(sink)
    zoo.refresh_from_db()
    assert (zoo.meeting.starts_at, zoo.meeting.ends_at) == (FRIDAY, FRIDAY + timedelta(hours=3))


def test_a_yes_can_be_taken_back_until_they_leave(zoo, grace, sink):  # noqa: F811
    say(zoo, grace, True)
    sent(sink)
    late = FRIDAY - timedelta(hours=1)
    say(zoo, grace, False, at=late)

    assert not may_go(zoo, late)
    assert ("ama@example.org", "No outing on Friday 20 November") in sent(sink, late)
    assert Meeting.objects.get(starts_at=FRIDAY).excused_at == late
    with pytest.raises(refusals.OutingIsOver):
        say(zoo, grace, True, at=FRIDAY)


@pytest.mark.parametrize("says", [None, False])
def test_silence_and_no_are_one_to_the_mentor(zoo, grace, ama, sink, says):  # noqa: F811
    if says is not None:
        say(zoo, grace, says)
    soon = sent(sink)
    page = Client().get(f"/k/{open_own_meetings(ama, program=zoo.program, at=MONDAY)}/outing/{zoo.match.ref}/")
    later = sent(sink, FRIDAY - timedelta(hours=23))

    assert [one for one in soon if one[0].startswith("ama")] == []
    assert "Not yet. If you hear nothing by Thursday 19 November, 14:00" in page.content.decode()
    assert later == [("ama@example.org", "No outing on Friday 20 November")]
    with pytest.raises(refusals.TooLateForYes):
        say(zoo, grace, True, at=FRIDAY - timedelta(hours=23))


def test_that_silence_is_no_is_not_told_where_they_may_go_or_it_was_called_off(zoo, grace, sink, cora):  # noqa: F811
    say(zoo, grace, True)
    sent(sink)
    assert sent(sink, FRIDAY - timedelta(hours=23)) == []

    actions.call_off_outing(zoo, by=cora, at=FRIDAY - timedelta(hours=22))
    off = sent(sink, FRIDAY - timedelta(hours=22))
    assert off == [("ama@example.org", "No outing on Friday 20 November")]
    assert not may_go(zoo)


def test_what_changes_is_asked_anew(zoo, grace, ama, sink):  # noqa: F811
    say(zoo, grace, True)
    sent(sink)
    same = actions.change_outing(zoo, version=1, by=ama, at=MONDAY, **ZOO, **times())
    changed = actions.change_outing(zoo, version=1, by=ama, at=MONDAY, **ZOO, **times(FRIDAY + DAY))

    assert (same, changed.version, may_go(changed)) == (zoo, 2, False)
    assert sent(sink)[0][0] == "grace@example.org"
    with pytest.raises(refusals.ChangedMeanwhile):
        say(changed, grace, True, version=1)
    with pytest.raises(refusals.ChangedMeanwhile):
        actions.change_outing(changed, version=1, by=ama, at=MONDAY, **ZOO, **times(FRIDAY + 2 * DAY))
    say(changed, grace, True)
    assert may_go(changed)


def test_of_two_who_may_say_it_one_yes_is_enough_and_one_no_stands(zoo, grace, george, cora):
    say(zoo, grace, True)
    one = may_go(zoo)
    say(zoo, george, False)
    two = may_go(zoo)
    calls = Task.objects.filter(kind=actions.CALL, owner=cora).count()
    say(zoo, george, True)

    assert (one, two, calls, may_go(zoo)) == (True, False, 1, True)


def test_whoever_is_kept_away_or_may_not_say_it_is_not_asked_and_counts_for_nothing(
    match, ama, grace, george, cora, ben
):
    Restriction.objects.create(
        program=match.program, kept_away=george, subject=ben, reason="court", starts_on=MONDAY.date(),
        review_on=date(2027, 1, 1), recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip
    Guardianship.objects.filter(adult=grace).update(consents=False)
    zoo = actions.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())

    for somebody in (grace, george, ama, ben):
        with pytest.raises(refusals.NotTheirsToSay):
            say(zoo, somebody, True)
    assert not Message.objects.filter(kind=actions.ASK).exists()
    assert Task.objects.get(kind=actions.CALL).reason.startswith("Ask at home about the outing of 20 November")
    assert not may_go(zoo)


def test_a_yes_of_somebody_kept_away_since_counts_no_more(zoo, grace, ben, cora):
    say(zoo, grace, True)
    Restriction.objects.create(
        program=zoo.program, kept_away=grace, subject=ben, reason="court", starts_on=MONDAY.date(),
        review_on=date(2027, 1, 1), recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip

    assert not may_go(zoo)


BROKEN = {
    "tomorrow": (times(MONDAY + DAY), {}, "It has to be asked for 2 days before"),
    "at night": (times(FRIDAY.replace(hour=19)), {}, "between 8:00 and 20:00"),
    "overnight": (times(FRIDAY.replace(hour=18), 14), {}, "It has to be on one day"),
    "too long": (times(FRIDAY.replace(hour=9), 8), {}, "6 hours at most"),
    "by car": (times(), {"transport": "car"}, "They cannot go in the mentor's car"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_the_rules_of_the_program_say_what_an_outing_may_be(match, ama, why):
    when, more, sentence = BROKEN[why]
    with pytest.raises(refusals.RulesBroken, match=re.escape(sentence)):
        actions.ask_for_outing(match, person=ama, form_id="x", by=ama, at=MONDAY, **(ZOO | more), **when)


def test_the_rules_are_rows_of_the_program(match, ama, riverside):
    Limit.objects.filter(program=riverside, code="outing-car").update(value=10)

    assert actions.ask_for_outing(
        match, person=ama, form_id="x", by=ama, at=MONDAY, **(ZOO | {"transport": "car"}), **times()
    ).version == 1  # fmt: skip


def test_nobody_goes_with_a_check_that_runs_out_before_or_while_the_pair_rests(zoo, grace, ama_in):
    say(zoo, grace, True)
    Gate.objects.filter(participant=ama_in, code="clearance").update(valid_until_on=date(2026, 11, 19))
    lapsed = may_go(zoo)
    Gate.objects.filter(participant=ama_in, code="clearance").update(valid_until_on=date(2027, 11, 19))
    again = may_go(zoo)
    Match.objects.filter(pk=zoo.match_id).update(state="paused")

    assert (lapsed, again, may_go(zoo)) == (False, True, False)


def test_pressed_twice_is_one_and_a_family_is_not_worn_down(zoo, match, ama):
    again = actions.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())
    for n in range(4):
        actions.ask_for_outing(match, person=ama, form_id=f"n{n}", by=ama, at=MONDAY, **ZOO, **times())

    assert again == zoo
    with pytest.raises(refusals.AskedTooOften):
        actions.ask_for_outing(match, person=ama, form_id="n5", by=ama, at=MONDAY, **ZOO, **times())


def link_of(outing, somebody):
    token = issue_link(
        purpose=PURPOSE, person=somebody, about=outing, program=outing.program, at=MONDAY - DAY,
        expires_at=MONDAY + 60 * DAY,
    )  # fmt: skip
    return f"/o/{token}/"


def test_a_guardian_reads_and_answers_by_link_and_nobody_reads_it_there_again(zoo, grace, ben):
    page = link_of(zoo, grace)
    first, shown = Client().get(page).content.decode(), Client().get(page + "?start=1").content.decode()
    data = {"version": "1", f"say-{ben.ref}": "yes"}
    machine = Client().post(page, data, headers={"user-agent": "Outlook safelinks scanner"})
    empty = Client().post(page, {"version": "1"}, **HUMAN)
    done = Client().post(page, data, **HUMAN)
    later = Client().get(page + "?start=1").content.decode()

    assert "penguins" not in first
    assert "May Ben go on this outing?" in shown
    assert "See the penguins" in shown
    assert [one.status_code for one in (machine, empty, done)] == [409, 422, 200]
    assert may_go(zoo)
    assert "checked" not in later


def test_a_link_opens_one_outing_for_one_person_while_it_is_theirs_to_say(zoo, grace, ben, cora):
    page, stranger = link_of(zoo, grace), link_of(zoo, person("Zoe", zoo.program, born_on=date(1980, 1, 1)))
    gone = [Client().get(one).status_code for one in (stranger, "/o/no-such-token/")]
    Client().post(page, {"instead": "not-me"}, **HUMAN)

    assert [*gone, Client().get(page).status_code] == [404, 404, 404]
    assert Task.objects.filter(kind=actions.CALL, owner=cora).count() == 1
    again = link_of(zoo, grace)
    actions.call_off_outing(zoo, by=cora, at=MONDAY)
    assert Client().get(again).status_code == 404


@pytest.mark.parametrize("version", ["", "0", "2", "x", "9" * 30, "١"])
def test_an_odd_version_is_no_answer(zoo, grace, ben, version):
    answer = Client().post(link_of(zoo, grace), {"version": version, f"say-{ben.ref}": "yes"}, **HUMAN)

    assert (answer.status_code, OutingWord.objects.count()) == (409, 0)


def test_staff_ask_write_down_paper_and_voice_and_call_off(match, grace, ben, cora, omar, as_user):
    browser, base = as_user(cora), f"/p/{match.program.slug}/meetings"
    typed = {"what": "Zoo", "place": "Zoo", "starts_at": "20 11 2026 14:00", "hours": "3", "transport": "walk",
             "form_id": "f"}  # fmt: skip
    wrong = browser.post(f"{base}/of/{match.ref}/outings/", typed | {"hours": "99"})
    asked = browser.post(f"{base}/of/{match.ref}/outings/", typed)
    one = Outing.objects.get()
    here = f"{base}/outings/{one.ref}/"
    sheet = browser.get(here + "sheet/").content.decode()
    word = {"do": "write", "version": "1", "who": f"{grace.ref}-{ben.ref}", "says": "yes", "said_on": "16 11 2026"}
    unseen = browser.post(here, word | {"way": "voice", "witness": ""})
    kept = browser.post(here, word | {"way": "paper", "witness": ""})

    assert (wrong.status_code, asked.status_code, unseen.status_code, kept.status_code) == (422, 302, 422, 302)
    assert "Ben" in sheet
    assert "Grace" not in sheet
    assert may_go(one)
    assert "Grace Adler" in browser.get(here).content.decode()
    assert browser.post(here, {"do": "off"}).status_code == 302
    assert not may_go(one)
    stranger = as_user(omar)
    assert [stranger.get(page).status_code for page in (here, here + "sheet/", f"{base}/of/{match.ref}/outings/")] == [
        404, 404, 404,
    ]  # fmt: skip


def test_a_mentor_asks_changes_and_calls_off_from_their_own_page(match, ama, ben, grace):
    page = f"/k/{open_own_meetings(ama, program=match.program, at=MONDAY)}/"
    link = f"{page}outing/{match.ref}/"
    typed = {"what": "Zoo", "place": "Zoo", "starts_at": "20 11 2026 14:00", "hours": "3", "transport": "walk",
             "form_id": "f"}  # fmt: skip
    asked = Client().post(link, typed)
    one = Outing.objects.get()
    refused = Client().post(link, typed | {"transport": "car", "form_id": "g"})
    changed = Client().post(f"{link}?of={one.ref}", typed | {"hours": "2", "version": "1"})
    off = Client().post(link, {"do": "off", "outing": one.ref})

    assert link in Client().get(page).content.decode()
    assert [one.status_code for one in (asked, refused, changed, off)] == [200, 409, 200, 200]
    one.refresh_from_db()
    assert (one.version, one.called_off_at, one.asked_by) == (2, MONDAY, ama)
    for somebody in (ben, grace):
        other = open_own_meetings(somebody, program=match.program, at=MONDAY)
        assert Client().get(f"/k/{other}/outing/{match.ref}/").status_code == 404


def test_where_pairs_stay_on_site_nobody_asks(match, ama, riverside):
    riverside.profile = "peer"
    riverside.save()

    with pytest.raises(refusals.RulesBroken, match="at their site and nowhere else"):
        actions.ask_for_outing(match, person=ama, form_id="x", by=ama, at=MONDAY, **ZOO, **times())


def test_grown_ups_need_no_permission(match, ama, ben):
    Person.objects.filter(pk=ben.pk).update(born_on=datetime(2000, 1, 1).date())

    with pytest.raises(refusals.NobodyToAsk):
        actions.ask_for_outing(match, person=ama, form_id="x", by=ama, at=MONDAY, **ZOO, **times())


def test_a_change_made_of_what_stands_no_more_is_refused_and_what_stands_is_shown(zoo, match, ama, cora, as_user):
    """Cora moves it to an hour later while Ama's page still shows two; then it is called off."""
    link = f"/k/{open_own_meetings(ama, program=match.program, at=MONDAY)}/outing/{match.ref}/?of={zoo.ref}"
    here = f"/p/{match.program.slug}/meetings/outings/{zoo.ref}/change/"
    typed = {"what": "Zoo", "place": "Zoo", "starts_at": "20 11 2026 14:00", "hours": "2", "transport": "walk"}
    moved = times(FRIDAY + timedelta(hours=1))
    actions.change_outing(zoo, version=1, by=cora, at=MONDAY, **ZOO | {"what": "See the seals"}, **moved)

    stale = [Client().post(link, typed | {"version": n}) for n in ("1", "", "x", "9" * 30)]
    stale.append(as_user(cora).post(here, typed | {"version": "1"}))

    assert [page.status_code for page in stale] == [409, 409, 422, 422, 409]
    for page in (stale[0], stale[-1]):
        assert "What is planned was changed in the meantime. Please read it again." in page.text
        assert 'value="See the seals"' in page.text
        assert 'value="2"' in page.text.split('name="version"')[0][-80:] + page.text.split('name="version"')[1][:80]
    zoo.refresh_from_db()
    assert (zoo.version, zoo.what) == (2, "See the seals")
    assert as_user(cora).post(here, typed | {"version": "2"}).status_code == 302
    actions.call_off_outing(zoo, by=cora, at=MONDAY)
    over = Client().post(link, typed | {"version": "3", "form_id": "new"})
    assert (over.status_code, "This outing is over or called off." in over.text) == (409, True)
    assert Outing.objects.count() == 1


ASKED = "kept away from whoever is asked"
NEAR = {
    "a parent of the child": lambda zoo, cora, ben, grace: Guardianship.objects.create(
        adult=cora.person, child=ben, starts_on=date(2015, 4, 2), consents=False
    ),
    "kept away from the child": lambda zoo, cora, ben, grace: restricted(zoo, cora.person, ben, cora),
    ASKED: lambda zoo, cora, ben, grace: restricted(zoo, cora.person, grace, cora),
}


def restricted(zoo, away, subject, by):
    Restriction.objects.create(
        program=zoo.program, kept_away=away, subject=subject, reason="court", starts_on=MONDAY.date(),
        review_on=date(2027, 1, 1), recorded_by=by, recorded_at=MONDAY,
    )  # fmt: skip


@pytest.mark.parametrize("why", NEAR)
def test_who_stands_too_near_is_neither_called_about_it_nor_shown_its_page(zoo, grace, george, ben, cora, carl, why):
    message = Message.objects.get(kind=actions.ASK, to=grace)
    NEAR[why](zoo, cora, ben, grace)
    say(zoo, grace, True)
    say(zoo, george, False)
    request, shown = RequestFactory().get("/"), {}
    for request.user in (cora, carl):
        shown[request.user] = behind_the_link(request, message, MONDAY, Look("", [])) is not None

    assert [one.owner for one in Task.objects.filter(kind=actions.CALL)] == [carl]
    assert shown == {cora: why == ASKED, carl: True}  # what goes to somebody one is kept away from is on no list
