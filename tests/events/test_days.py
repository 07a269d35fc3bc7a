"""Event days: asked, answered by link, paper and staff, ticked at the door, followed up (S3-13, S4-33 to S4-39)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from rapport.checkins.actions import answer_ask, gather_asks, plan_check_ins, take_due_steps
from rapport.checkins.actions.answering import Card as Said
from rapport.checkins.models import CheckIn
from rapport.core.refs import new_ref
from rapport.events import actions
from rapport.events.days.letters import still_alone, still_asked, still_moved
from rapport.events.days.questions import followed, may_say
from rapport.events.days.refusals import ComesLater, DayOver, FamilySaysYes, Full, LessRoom, NotAsked
from rapport.events.models import EventDay, EventPair, Invitation
from rapport.events.refusals import NotTogether
from rapport.matches.models import Match
from rapport.meetings.feeds.beside import beside
from rapport.meetings.feeds.writing import feed_of
from rapport.outbox.actions import issue_link
from rapport.outbox.composing import words_of
from rapport.outbox.models import Message
from rapport.outbox.settling import settle
from rapport.people.models import Guardianship, Restriction
from rapport.portal.mine import page_by_link
from rapport.programs import profiles
from rapport.programs.models import Promise
from tests.cast import DAY, MONDAY, WEEK, gates_met, participant, person, staff

HOUR = timedelta(hours=1)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture
def day(riverside, cora):
    given = {"name": "Career speed-mentoring", "minutes": 120, "place": "Town hall", "about": "Short talks"}
    return actions.make_day(
        riverside, **given, starts_at=MONDAY + WEEK, room=2, host=cora, form_id="one", by=cora, at=MONDAY
    )


@pytest.fixture
def hugo_in(riverside):
    return participant(person("Hugo", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")


@pytest.fixture
def asked(day, ama_in, ben_in, hugo_in, grace, cora):
    """Ama, Hugo and Ben are asked."""
    rows = actions.invite(day, [ama_in, hugo_in, ben_in], by=cora, at=MONDAY)
    return {row.participant.person.given_name: row for row in rows}


def letters():
    return sorted(Message.objects.values_list("kind", "to__given_name"))


def says(invitation, is_coming, by, at=MONDAY + DAY):
    return actions.answer_invitation(invitation, is_coming=is_coming, said_by=by, by=by, at=at)


def states(day):
    return {row.participant.person.given_name: row.state for row in day.invitations.all()}


def test_each_gets_a_letter_and_the_family_of_a_child_its_own(day, asked, ama_in, cora):
    again = actions.invite(day, [ama_in], by=cora, at=MONDAY)

    assert again == []
    assert letters() == [
        ("events/day", "Ama"), ("events/day", "Ben"), ("events/day", "Hugo"), ("events/day-family", "Grace")
    ]  # fmt: skip
    assert Message.objects.get(kind="events/day-family").about_id == asked["Ben"].pk


def test_the_same_form_makes_one_day_and_nobody_kept_apart_is_asked_together(
    day, riverside, cora, dele, ama, ben, ama_in, ben_in
):
    same = actions.make_day(
        riverside, name="x", starts_at=MONDAY + WEEK, minutes=9, host=cora, form_id="one", by=cora, at=MONDAY
    )
    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=ben, reason="x", starts_on=MONDAY.date(), review_on=MONDAY.date(),
        recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip

    assert same == day
    with pytest.raises(NotTogether):
        actions.invite(day, [ama_in, ben_in], by=cora, at=MONDAY)
    assert letters() == []


def test_whoever_is_kept_away_from_somebody_asked_reads_no_letter_and_says_nothing(
    day, asked, ben, grace, hugo_in, dele
):
    family = Message.objects.filter(kind="events/day-family")
    assert (may_say(asked["Ben"], grace, MONDAY), still_asked(family, MONDAY).count()) == (True, 1)

    Restriction.objects.create(
        program=day.program, kept_away=grace, subject=hugo_in.person, reason="x", starts_on=MONDAY.date(),
        review_on=MONDAY.date(), recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip

    assert (may_say(asked["Ben"], grace, MONDAY), still_asked(family, MONDAY).count()) == (False, 0)
    assert may_say(asked["Ben"], ben, MONDAY)


def test_no_more_come_than_there_is_room_and_a_place_becomes_free(day, asked, ama, grace, ben, hugo_in, cora):
    assert says(asked["Ama"], True, ama) is True
    assert says(asked["Ama"], True, ama) is False
    says(asked["Ben"], True, grace)
    with pytest.raises(Full):
        says(asked["Hugo"], True, hugo_in.person)
    with pytest.raises(LessRoom):
        actions.change_day(
            day, name="x", about="", starts_at=day.starts_at, minutes=60, place="", room=1, by=cora, at=MONDAY
        )

    says(asked["Ama"], False, ama)
    says(asked["Hugo"], True, hugo_in.person)

    assert states(day) == {"Ama": "not-coming", "Ben": "coming", "Hugo": "coming"}


def test_for_a_child_the_family_says_yes_and_the_child_may_say_no(day, asked, ben, grace):
    with pytest.raises(FamilySaysYes):
        says(asked["Ben"], True, ben)
    says(asked["Ben"], False, ben)
    with pytest.raises(FamilySaysYes):
        says(asked["Ben"], True, ben)

    assert says(asked["Ben"], True, grace) is True
    Guardianship.objects.update(consents=False)
    with pytest.raises(FamilySaysYes):
        says(asked["Ben"], False, grace) and says(asked["Ben"], True, grace)


def test_whoever_answered_is_written_to_no_more_and_a_day_called_off_is_told(day, asked, ama, grace, cora):
    says(asked["Ama"], False, ama)
    wanted = still_asked(Message.objects.filter(kind="events/day"), MONDAY + DAY)
    assert sorted(wanted.values_list("to__given_name", flat=True)) == ["Ben", "Hugo"]

    actions.call_off_day(day, by=cora, at=MONDAY + DAY)

    assert [name for kind, name in letters() if kind == "events/day-off"] == ["Ben", "Grace", "Hugo"]
    assert not still_asked(Message.objects.filter(kind="events/day"), MONDAY + DAY).exists()
    for late in (lambda: says(asked["Ben"], True, grace), lambda: actions.call_off_day(day, by=cora, at=MONDAY + DAY)):
        with pytest.raises(DayOver):
            late()


def test_another_hour_is_told_once_to_whoever_had_a_letter_and_has_not_said_no(day, asked, ama, cora):
    same = {"name": day.name, "about": day.about, "place": day.place, "room": 2, "by": cora}
    says(asked["Ama"], False, ama)
    Message.objects.exclude(to__given_name="Hugo").update(state=Message.State.ACCEPTED, final_at=MONDAY)
    for hours in (1, 2):
        moved = {"starts_at": day.starts_at + hours * HOUR, "minutes": 120}
        actions.change_day(day, **same, **moved, at=MONDAY + DAY)
    actions.change_day(day, **(same | {"name": "Talks"}), **moved, at=MONDAY + DAY)

    told = Message.objects.filter(kind="events/day-moved")
    assert told.count() == 6
    wanted = still_moved(told, MONDAY + DAY)
    assert sorted(wanted.values_list("to__given_name", flat=True)) == ["Ben", "Grace"]
    assert set(wanted.values_list("pk", flat=True)) <= {row.pk for row in told.order_by("pk")[3:]}


def test_who_came_is_ticked_from_the_day_on(day, asked, cora):
    with pytest.raises(ComesLater):
        actions.mark_came(asked["Ama"], came=True, by=cora, at=MONDAY + DAY)
    at = day.starts_at + HOUR

    assert actions.mark_came(asked["Ama"], came=True, by=cora, at=at) is True
    assert actions.mark_came(asked["Ama"], came=True, by=cora, at=at) is False
    actions.mark_came(asked["Hugo"], came=False, by=cora, at=at)

    assert sorted(day.invitations.values_list("participant__person__given_name", "came")) == [
        ("Ama", True), ("Ben", None), ("Hugo", False)
    ]  # fmt: skip


# Pairs, and what came of it


@pytest.fixture
def event_only(riverside):
    """Riverside asks as a program of events does."""
    riverside.profile = "event-only"
    riverside.save()
    riverside.promises.all().delete()
    riverside.point_rules.all().delete()
    Promise.objects.bulk_create(Promise(program=riverside, **row) for row in profiles.read("event-only")["promise"])
    return riverside


@pytest.fixture
def talked(event_only, day, ama_in, hugo_in, ben_in, grace, cora):
    """Ama and Hugo both talked with Ben, and all that must be met is."""
    for one in (ama_in, hugo_in):
        gates_met(one, "clearance", "training", "consent", by=cora)
    gates_met(ben_in, "permission", "assent", "consent", by=cora)
    actions.invite(day, [ama_in, hugo_in, ben_in], by=cora, at=MONDAY)
    at = day.ends_at
    return [actions.note_pair(day, mentor=one, mentee=ben_in, by=cora, at=at) for one in (ama_in, hugo_in)]


def test_who_talked_with_whom_becomes_a_match_begun_on_that_day(day, talked, ama_in, ben_in, cora):
    again = actions.note_pair(day, mentor=ama_in, mentee=ben_in, by=cora, at=day.ends_at + HOUR)

    assert again == talked[0]
    assert list(Match.objects.values_list("state", "begun_on", "coordinator")) == [
        ("active", day.starts_at.date(), cora.pk), ("active", day.starts_at.date(), cora.pk)
    ]  # fmt: skip
    assert set(day.invitations.values_list("came", flat=True)) == {True}
    with pytest.raises(NotAsked):
        actions.note_pair(day, mentor=ben_in, mentee=ama_in, by=cora, at=day.ends_at)


def test_where_something_is_missing_the_match_is_proposed(day, asked, ama_in, ben_in, cora):
    pair = actions.note_pair(day, mentor=ama_in, mentee=ben_in, by=cora, at=day.ends_at)

    assert (pair.match.state, EventPair.objects.count()) == ("proposed", 1)
    with pytest.raises(ComesLater):
        actions.note_pair(day, mentor=ama_in, mentee=ben_in, by=cora, at=MONDAY)


def ask_all(at):
    plan_check_ins(at=at, limit=100)
    gather_asks(at=at, limit=100)
    take_due_steps(at=at, limit=100)


def test_what_came_of_it_is_counted_with_unknown_as_unknown(day, talked, ama, cora):
    ask_all(day.starts_at + 14 * DAY)
    card = CheckIn.objects.get(person=ama)
    at = day.starts_at + 15 * DAY
    answer_ask(card.ask, cards=[Said(card, in_touch="yes")], form_id="1", by=ama, at=at)

    rows = {row.party: row for row in followed(day, cora, at)}

    counts = {party: (r.due, r.sent, r.late, r.answered, r.yes, r.not_yet, r.unknown) for party, r in rows.items()}
    assert counts == {"mentor": (2, 2, 0, 1, 1, 0, 1), "mentee": (2, 2, 0, 0, 0, 0, 2)}
    assert (rows["mentor"].share, rows["mentor"].rate, rows["mentee"].share) == (100, 50, None)


def test_asked_after_day_21_is_late_and_ours_and_few_are_not_shown(day, talked, riverside, cora):
    eve = staff("Eve", riverside, "site-lead")
    plan_check_ins(at=day.starts_at + 14 * DAY, limit=100)
    late = day.starts_at + 22 * DAY

    assert {(row.sent, row.late) for row in followed(day, cora, late)} == {(0, 2)}
    ask_all(late)
    assert {(row.sent, row.answered, row.late) for row in followed(day, cora, late)} == {(2, 0, 2)}
    assert {(row.sent, row.answered, row.late) for row in followed(day, eve, late)} == {(None, None, 2)}


def test_whoever_came_and_is_in_no_pair_is_written_to_as_well_each_side_in_its_own_words(
    day, talked, riverside, ama_in, cora
):
    lily_in = participant(person("Lily", riverside, born_on=date(2012, 1, 1)), riverside, "mentee")
    pete_in = participant(person("Pete", riverside, born_on=date(1970, 1, 1)), riverside, "mentor")
    alone = actions.invite(day, [lily_in, pete_in], by=cora, at=MONDAY)
    for row in [*alone, day.invitations.get(participant=ama_in)]:
        for came in (True, None, True):
            actions.mark_came(row, came=came, by=cora, at=day.ends_at)
    after = Message.objects.filter(kind__startswith="events/after-event")

    assert set(after.values_list("next_at", flat=True)) == {day.starts_at + 14 * DAY}
    plans = [plan for plan in settle(after.order_by("to__given_name"), day.starts_at + 14 * DAY) if plan.address]
    assert [(plan.message.kind, plan.message.to.given_name) for plan in plans] == [
        ("events/after-event-mentee", "Lily"), ("events/after-event-mentor", "Pete")
    ]  # fmt: skip
    lily, pete = (
        words_of(f"mail/{plan.message.kind}.txt", {"program": riverside, "person": plan.message.to, **plan.words}, "en")
        for plan in plans
    )
    assert (lily[0], "give your own number or account to nobody" in lily[1]) == (pete[0], True)
    assert ("Thank you for the time you gave" in pete[1], "http" in lily[1] + pete[1]) == (True, False)

    actions.mark_came(alone[0], came=None, by=cora, at=day.ends_at + HOUR)
    actions.note_pair(day, mentor=pete_in, mentee=talked[0].mentee, by=cora, at=day.ends_at + HOUR)
    assert not still_alone(after, day.starts_at + 14 * DAY).exists()


# Pages


@pytest.fixture
def link(asked):
    def of(name, who):
        token = issue_link(
            person=who,
            purpose="event-day",
            about=asked[name],
            program=asked[name].program,
            at=MONDAY,
            expires_at=MONDAY + 60 * DAY,
        )
        return f"/e/{token}/"

    return of


def test_by_link_a_guardian_answers_for_a_child(day, asked, link, grace, client, omar, hill_match):
    with time_machine.travel(MONDAY + DAY, tick=False):
        address = link("Ben", grace)
        first = client.get(address).content.decode()
        page = client.get(address + "?start=1").content.decode()
        empty = client.post(address, {}, HTTP_USER_AGENT=CHROME)
        machine = client.post(address, {"says": "yes"}, HTTP_USER_AGENT="curl/8")
        before = states(day)["Ben"]
        sent = client.post(address, {"says": "yes"}, HTTP_USER_AGENT=CHROME)
        stranger = client.get(link("Ben", hill_match.mentors[0].person) + "?start=1")
    with time_machine.travel(day.ends_at, tick=False):
        over = client.get(address)

    assert ("Career" in first, "Ben" in first) == (False, False)
    assert "Does Ben come?" in page
    assert (empty.status_code, machine.status_code, before) == (422, 409, "invited")
    assert (sent.status_code, states(day)["Ben"]) == (200, "coming")
    assert (stranger.status_code, over.status_code) == (404, 404)


def test_staff_see_the_page_behind_the_letter_as_its_reader_will(day, asked, cora, as_user):
    browser, pages = as_user(cora), {}
    Message.objects.update(state="held")
    with time_machine.travel(MONDAY, tick=False):
        for letter in Message.objects.filter(about_id=asked["Ben"].pk):
            pages[letter.to.given_name] = browser.get(f"/p/riverside/outbox/{letter.place}/page/").text

    assert {name: "Does Ben come?" in page for name, page in pages.items()} == {"Ben": False, "Grace": True}
    assert "Would you like to come? Tell your family" in pages["Ben"]


def test_from_a_new_event_to_its_door(riverside, cora, omar, ama_in, ben_in, hugo_in, grace, as_user):
    desk, here = as_user(cora), "/p/riverside/event-days/"
    assert "No event day yet" in desk.get(here).content.decode()
    begins = timezone.now() + HOUR
    typed = {
        "form_id": new_ref(), "name": "Speed-mentoring", "starts_at": f"{begins:%Y-%m-%d %H:%M}", "minutes": "60",
        "place": "Town hall", "room": "", "site": "", "host": cora.pk,
    }  # fmt: skip
    assert desk.post(f"{here}new/", typed | {"minutes": "0"}).status_code == 422

    page = desk.post(f"{here}new/", typed).url
    assert desk.post(f"{page}people/", {"people": [2**63]}).status_code == 422
    asked = desk.post(f"{page}people/", {"people": [ama_in.pk, ben_in.pk]})
    one = Invitation.objects.get(participant=ben_in)
    how = {"way": "paper", "said_on": f"{timezone.now():%Y-%m-%d}", "who": grace.ref, "says": "yes"}
    written = desk.post(f"{here}invitations/{one.ref}/", how)
    sheet = desk.get(f"{here}invitations/{one.ref}/sheet/").content.decode()
    tick = desk.post(f"{page}at-the-door/", {"who": one.ref, "says": "here"})
    early = desk.post(f"{page}pairs/", {"mentor": ama_in.ref, "mentee": ben_in.ref})
    html = desk.get(page).content.decode()

    EventDay.objects.update(place="")
    assert "Speed-mentoring" in desk.get(here).content.decode()
    assert [answer.status_code for answer in (asked, written, tick, early)] == [302, 302, 302, 409]
    one.refresh_from_db()
    assert (one.state, one.said_by, one.source, one.came) == ("coming", grace, "paper", True)
    assert ("Speed-mentoring" in sheet, "Ben" in sheet, "Ama" in sheet) == (True, True, False)
    assert "Coming (1)" in html
    assert desk.post(f"{page}at-the-door/", {"who": "x", "says": "here"}).status_code == 422
    stranger = as_user(omar)
    assert {stranger.get(page + more).status_code for more in ("", "people/", "at-the-door/", "pairs/")} == {404}


def test_own_pages_and_calendars_show_it_without_a_childs_name_or_place(day, asked, ama, ben, grace, dele):
    at, program = MONDAY + DAY, day.program
    pages = {who.first_name: page_by_link(who, program, at)["places"] for who in (ama, ben, grace)}
    assert {name: [[one.ref for one in place.days] for place in places] for name, places in pages.items()} == {
        "Ama": [[asked["Ama"].ref]], "Ben": [[asked["Ben"].ref]], "Grace": [[asked["Ben"].ref]]
    }  # fmt: skip
    feeds = {who.first_name: beside(who, program, at, since=at) for who in (ama, ben, grace)}
    assert {name: [(row.title, row.place) for row in rows] for name, rows in feeds.items()} == {
        "Ama": [("Event: Career speed-mentoring", "Town hall")],
        "Ben": [("Event: Career speed-mentoring", "")],
        "Grace": [("Event: Career speed-mentoring", "")],
    }
    text = feed_of([], feeds["Grace"]).decode()
    assert ("SUMMARY:Event: Career speed-mentoring" in text, "Ben" in text, "Town" in text) == (True, False, False)

    says(asked["Ama"], False, ama)
    Restriction.objects.create(
        program=program, kept_away=grace, subject=ben, reason="x", starts_on=MONDAY.date(), review_on=MONDAY.date(),
        recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip
    assert [beside(who, program, at, since=at) for who in (ama, grace)] == [[], []]
    assert page_by_link(grace, program, at)["places"] == []
