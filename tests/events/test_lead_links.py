"""Whoever leads a group without a sign-in: a page by a link for a stated time, with first names and taps alone."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.audit.models import Event
from rapport.core.refs import new_ref
from rapport.events import actions, refusals
from rapport.events.models import Group, GroupWord, LeadLink, NamedLead, PairWord, Presence, Session
from rapport.matches.models import Member
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Link
from rapport.people.actions import add_person
from rapport.people.actions.merging import put_together
from rapport.people.models import Guardianship, Person, Restriction
from rapport.programs.actions import end_holder, name_holder
from rapport.programs.models import Limit
from rapport.tasks.models import Task
from tests.at_once import at_once
from tests.cast import DAY, MONDAY, WEEK, gates_met, participant, person, staff
from tests.reading import words as in_words
from tests.test_languages import english_left, latin_words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = MONDAY + 7 * HOUR
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (Android 14; Mobile) Firefox/128.0"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def holder(riverside, cora):
    post = riverside.posts.get(code="team-lead")
    return name_holder(post, name="Nadia Rossi", reach="555 0112", by=cora, at=MONDAY - WEEK)[0]


@pytest.fixture
def group(riverside, lincoln, holder, cora):
    given = {"name": "Robotics", "site": lincoln, "named": holder, "host": cora, "form_id": "one"}
    return actions.begin_group(riverside, **given, by=cora, at=MONDAY - WEEK)


@pytest.fixture
def lily_in(riverside, cora):
    one = participant(person("Lily", riverside, born_on=date(2014, 1, 1), family_name="Quist"), riverside, "mentee")
    Guardianship.objects.create(adult=person("Lilys mother", riverside), child=one.person, starts_on=date(2014, 1, 1))
    gates_met(one, "permission", "assent", by=cora)
    return one


@pytest.fixture
def inside(group, match, ama_in, ben_in, lily_in, cora):
    """Ama, Ben and Lily are in it; it met an hour ago, and meets next week."""
    actions.take_in(group, [ama_in, ben_in, lily_in], by=cora, at=MONDAY)
    more = {"minutes": 60, "place": "Room of Ms Quist", "plan": "Lily brings her own words", "by": cora, "at": MONDAY}
    for when in (NOW - HOUR, NOW + WEEK):
        actions.set_times(group, starts_at=when, **more)
    return group


@pytest.fixture
def link(inside, cora):
    given, token = actions.give_link(inside, by=cora, at=NOW)
    return given, f"/t/{token}/?start=1"


@pytest.fixture
def time(inside):
    return inside.sessions.get(starts_at__lte=NOW)


def read(page):
    return page.content.decode()


def press(client, address, **typed):
    return client.post(address, typed, **BROWSER)


def here(time, who, **more):
    return {"session": time.ref, "who": who.ref, "says": "here", "seen": "none", **more}


def word(group, match=None, says="partly", pair="fine", **more):
    of_pair = {f"pair-{match.ref}": pair} if match else {}
    return {"group": group.ref, "says": says, "form_id": new_ref(), **of_pair, **more}


def keep_away(who, subject, program, by):
    return Restriction.objects.create(
        program=program, kept_away=who, subject=subject, reason="A court", starts_on=MONDAY.date() - WEEK,
        review_on=MONDAY.date() + WEEK, recorded_by=by, recorded_at=MONDAY,
    )  # fmt: skip


def written():
    return Presence.objects.count(), GroupWord.objects.count(), Task.objects.count()


# By a name of the named roles


def test_somebody_named_without_a_sign_in_leads_and_is_one_human_being(riverside, lincoln, holder, cora, as_user):
    browser, new = as_user(cora), "/p/riverside/groups/new/"
    typed = {"name": "Chess", "host": cora.pk, "site": lincoln.pk, "room": "", "form_id": "x"}
    assert "Nadia Rossi, Mentorship team lead" in read(browser.get(new))

    both = {**typed, "named": holder.pk, "lead": cora.person.ref}
    assert [browser.post(new, one).status_code for one in (typed, both)] == [422, 422]
    assert browser.post(new, {**typed, "named": holder.pk}).status_code == 302
    assert browser.post(new, {**typed, "named": holder.pk, "name": "Go", "form_id": "y"}).status_code == 302

    [nadia] = {one.lead for one in Group.objects.select_related("lead")}
    assert (nadia.full_name, nadia.user, NamedLead.objects.get().person) == ("Nadia Rossi", None, nadia)
    change = f"{Group.objects.get(name='Go').get_absolute_url()}change/"
    assert f'value="{holder.pk}" selected' in read(browser.get(change))
    assert browser.post(change, {**typed, "lead": cora.person.ref}).status_code == 302
    assert browser.post(change, {**typed, "named": holder.pk}).status_code == 302
    assert Person.objects.filter(given_name="Nadia").count() == 1


def test_named_twice_they_are_one_and_of_another_program_nobody_is_offered(
    riverside, hillside, lincoln, holder, group, cora, omar, as_user
):
    again, _new = name_holder(holder.post, site=lincoln, name="nadia rossi", reach="x", by=cora, at=NOW)

    assert actions.lead_named(again, by=cora, at=NOW) == group.lead
    assert "Nadia" not in read(as_user(omar).get("/p/hillside/groups/new/"))
    typed = {"name": "Chess", "host": omar.pk, "named": holder.pk, "form_id": "x"}
    assert as_user(omar).post("/p/hillside/groups/new/", typed).status_code == 422


# Giving it


def test_a_link_is_made_on_a_page_shown_once_says_whence_its_time_comes_and_is_shut_there(
    inside, cora, client, as_user
):
    address = f"{inside.get_absolute_url()}link/"
    browser = as_user(cora)
    assert "Give Nadia a page by a link" in read(browser.get(inside.get_absolute_url()))
    before = in_words(read(browser.get(address)))
    assert "at the end of Monday 23 November 2026" in before
    assert "7 days, a number of the program: Whoever leads a group tells of it regularly (S0-18)" in before

    page = browser.post(address)

    door = urlsplit(page.context["address"]).path
    assert (client.get(door).status_code, client.get(f"{door}?start=1").status_code) == (200, 200)
    assert door not in read(browser.get(address))
    assert browser.post(address, {"end": "nobody"}).status_code == 404
    assert browser.post(address, {"end": LeadLink.objects.get().ref}).status_code == 302
    assert client.get(door).status_code == 404
    told = list(Event.objects.filter(verb__startswith="lead-link").order_by("pk").values_list("verb", "actor_label"))
    assert told == [("lead-link.given", f"user: {cora}"), ("lead-link.ended", f"user: {cora}")]


def test_how_long_it_is_open_is_a_number_of_the_program(inside, riverside, cora, clock, client):
    Limit.objects.filter(program=riverside, code="lead-link").update(value=2)

    given, token = actions.give_link(Group.objects.get(pk=inside.pk), by=cora, at=NOW)

    assert (given.last_day, Link.objects.get(about_id=given.pk, purpose="team-lead").expires_at) == (
        date(2026, 11, 18), given.ends_at,
    )  # fmt: skip
    clock.move_to(given.ends_at - timedelta(seconds=1))
    assert client.get(f"/t/{token}/").status_code == 200
    clock.move_to(given.ends_at)
    assert client.get(f"/t/{token}/").status_code == 404


def test_pressed_twice_one_link_is_open(inside, cora, client):
    first, second = (actions.give_link(inside, by=cora, at=NOW) for _n in range(2))

    assert [client.get(f"/t/{token}/").status_code for _link, token in (first, second)] == [404, 200]
    assert LeadLink.objects.filter(ended_at=None).count() == 1
    assert token_is_nowhere(second[1])


def token_is_nowhere(token):
    rows = [*Link.objects.values(), *LeadLink.objects.values(), *Event.objects.values()]
    return token not in str(rows)


def test_whoever_signs_in_needs_none_and_of_a_group_that_is_over_there_is_none(
    riverside, lincoln, inside, cora, as_user
):
    tess = staff("Tess", riverside, "team-lead")
    given = {"name": "Chess", "lead": tess.person, "host": cora, "site": lincoln, "form_id": "two"}
    theirs = actions.begin_group(riverside, **given, by=cora, at=MONDAY)
    browser = as_user(cora)

    assert "by a link" not in read(browser.get(theirs.get_absolute_url()))
    assert browser.post(f"{theirs.get_absolute_url()}link/").status_code == 409
    actions.end_group(inside, by=cora, at=NOW)
    with pytest.raises(refusals.GroupOver):
        actions.give_link(inside, by=cora, at=NOW)
    assert not LeadLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_give_it_at_the_same_moment_leave_one_open(group, cora):
    at_once(lambda: actions.give_link(group, by=cora, at=NOW))

    assert (LeadLink.objects.count(), LeadLink.objects.filter(ended_at=None).count()) == (2, 1)
    assert Link.objects.filter(closed_at=None).count() == 1


# What it shows


def test_it_shows_first_names_how_it_stands_and_when_it_meets_and_nobodys_words(client, link, match):
    start = read(client.get(link[1].partition("?")[0]))
    assert "Hello Nadia" in start
    assert [name in start for name in ("Rossi", "Robotics", "Ben", "Lily")] == [False] * 4

    page = in_words(read(client.get(link[1])))

    shown = ("Robotics", "planned", "Monday 23 November", "Ama and Ben", "Lily", "Who was there on 16 November",
             "this page is open until the end of Monday 23 November", "Cora, 555 0100", "911")  # fmt: skip
    assert [words for words in shown if words not in page] == []
    hidden = ("Adler", "Mensah", "Quist", "Rossi", "555 0112", "example.org", "own words", "Room")
    assert [words for words in hidden if words in page] == []
    assert "csrf" not in read(client.get(link[1]))


def test_looking_changes_nothing(client, link):
    before = written(), Event.objects.count()

    for verb in ("get", "head", "options"):
        assert getattr(client, verb)(link[1]).status_code == 200

    assert (written(), Event.objects.count()) == before
    assert not client.cookies


# What it takes


def test_one_tap_is_one_mark_in_the_word_of_the_lead(client, link, time, ben_in, lily_in):
    answers = [press(client, link[1], **here(time, ben_in)) for _n in range(2)]

    assert [(one.status_code, one["Location"]) for one in answers] == [
        (302, f"{link[1]}#p-{time.ref}-{ben_in.ref}")
    ] * 2
    row = Presence.objects.get()
    assert (row.was_there, row.said_by.full_name) == (True, "Nadia Rossi")
    time.refresh_from_db()
    assert time.kept_at is not None
    assert Event.objects.filter(verb="presence.marked").get().actor_label == "person: Nadia Rossi"
    press(client, link[1], **here(time, lily_in, says="away"))
    assert "50 % (1 of 2)" in in_words(read(client.get(link[1])))
    assert press(client, link[1], **here(time, ben_in, says="away")).status_code == 409  # it says here by now


def test_how_it_gets_on_is_kept_once_and_a_pair_that_needs_a_word_is_one_task(client, link, inside, match, cora):
    typed = word(inside, match, says="stuck", pair="word")

    pages = [press(client, link[1], **typed) for _n in range(2)]

    assert ["Thank you" in read(page) for page in pages] == [True, True]
    page = in_words(read(client.get(link[1])))
    before = ("stuck · Monday 23 November", "you said:", "as you saw them last")  # phones are shared
    assert [words in page for words in before] == [True, False, False]
    kept = GroupWord.objects.get()
    assert (kept.says, kept.said_by.first_name, kept.by) == ("stuck", "Nadia", None)
    assert list(PairWord.objects.values_list("match", "says")) == [(match.pk, "word")]
    words = "Nadia, who leads Robotics, thinks that Ama and Ben would like a word."
    assert list(Task.objects.values_list("owner", "kind", "reason")) == [(cora.pk, "events/pair-needs-a-word", words)]
    press(client, link[1], **word(inside, match, says="stuck", pair="word"))
    assert Task.objects.count() == 1


def test_neither_plan_nor_calling_off_goes_by_link(client, link, time):
    for typed in ({"press": "off"}, {"press": "closed"}, {"press": "plan", "plan": "mine"}):
        assert press(client, link[1], **typed).status_code == 422
        assert press(client, link[1], session=time.ref, **typed).status_code == 422

    assert not Session.objects.excused().exists()
    assert not Session.objects.filter(plan="mine").exists()


def test_a_machine_that_looks_into_links_marks_nothing(client, link, inside, time, ben_in):
    for agent in ("", "python-requests/2", "Slackbot"):
        for typed in (here(time, ben_in), word(inside)):
            assert client.post(link[1], typed, HTTP_USER_AGENT=agent).status_code == 429

    assert written() == (0, 0, 0)


ODD = ["", "\0", "x" * 5000, "💥", "-1", "1e9", "' OR 1=1 --", "none", "9" * 20]


def test_nonsense_is_refused_kindly_and_changes_nothing(client, link, inside, time, ben_in, match):
    tap, said = here(time, ben_in), word(inside, match)
    for odd in ODD:
        for good, names in ((tap, ("session", "who", "says", "seen")), (said, ("group", "says", f"pair-{match.ref}"))):
            for name in names:
                if (name, odd) not in (("seen", "none"), ("says", "none"), (f"pair-{match.ref}", "")):
                    assert press(client, link[1], **{**good, name: odd}).status_code == 422, (name, odd)
    assert press(client, link[1], **{**said, "form_id": "\0"}).status_code == 422
    assert press(client, link[1]).status_code == 422

    assert written() == (0, 0, 0)


# Whose it is, and until when


def test_after_its_time_a_kind_page_says_whom_to_ask_and_nothing_is_kept(client, link, clock, time, ben_in):
    clock.move_to(link[0].ends_at)

    page = client.get(link[1])
    pressed = press(client, link[1], **here(time, ben_in))

    assert (page.status_code, pressed.status_code, written()) == (404, 404, (0, 0, 0))
    said = in_words(read(page))
    assert ("The time of this link is over" in said, "Cora, 555 0100" in said) == (True, True)
    assert [name for name in ("Robotics", "Ben", "Nadia") if name in said] == []


@pytest.mark.parametrize("why", ["shut", "maker left", "maker lost the right", "other lead", "named no more", "over"])
def test_it_opens_nothing_once_it_is_no_longer_theirs(why, client, link, inside, holder, ama, cora, time, ben_in):
    _given, address = link
    assert client.get(address).status_code == 200
    if why == "shut":
        assert [actions.end_links(LeadLink.objects.all(), by=cora, at=NOW) for _n in range(2)] == [1, 0]
    if why == "maker left":
        cora.memberships.update(ends_at=NOW)
    if why == "maker lost the right":
        cora.memberships.get().role.grants.filter(right="meeting.edit").delete()
        Group.objects.update(host=staff("Hal", inside.program, "coordinator"))
    if why == "other lead":
        actions.change_group(inside, lead=ama, by=cora, at=NOW)
    if why == "named no more":
        end_holder(holder, by=cora, at=NOW)
    if why == "over":
        actions.end_group(inside, by=cora, at=NOW)

    assert client.get(address).status_code == 404
    assert press(client, address, **here(time, ben_in)).status_code == 404
    assert read(client.get(address)) == read(client.get("/t/N0nSuchT0kenAtAll_1234/"))
    assert written() == (0, 0, 0)


def test_omar_finds_none_of_it_and_a_lead_of_hillside_sees_and_marks_only_their_own(
    link, inside, time, ben_in, match, omar, hillside, hill_match, as_user, client
):
    browser = as_user(omar)
    own = actions.begin_group(hillside, name="Of the hill", lead=hill_match.mentors[0].person, host=omar,
                              form_id="two", by=omar, at=MONDAY)  # fmt: skip
    assert browser.post(f"{own.get_absolute_url()}link/").status_code == 200
    address = f"{inside.get_absolute_url()}link/"
    for where in (address, address.replace("riverside", "hillside")):
        assert [browser.get(where).status_code, browser.post(where).status_code] == [404, 404]
        assert browser.post(where, {"end": link[0].ref}).status_code == 404
    assert browser.post(f"{own.get_absolute_url()}link/", {"end": link[0].ref}).status_code == 404

    _given, token = actions.give_link(own, by=omar, at=NOW)
    page = read(client.get(f"/t/{token}/?start=1"))
    assert ("Of the hill" in page, "Robotics" in page, "Ben" in page) == (True, False, False)
    for typed in (here(time, ben_in), word(inside), word(own, match, pair="word")):
        assert press(client, f"/t/{token}/?start=1", **typed).status_code in (200, 422)
    assert (Presence.objects.count(), GroupWord.objects.exclude(group=own).count(), PairWord.objects.count()) == (
        0,
        0,
        0,
    )


def test_another_lead_of_riverside_sees_their_own_groups_alone(link, riverside, lincoln, ama, cora, client):
    """Ama leads chess, by a link of hers; that of Nadia is about Nadia alone."""
    given = {"name": "Chess", "lead": ama, "host": cora, "site": lincoln, "form_id": "two"}
    _link, token = actions.give_link(actions.begin_group(riverside, **given, by=cora, at=MONDAY), by=cora, at=NOW)

    pages = [read(client.get(address)) for address in (f"/t/{token}/?start=1", link[1])]

    assert [("Chess" in page, "Robotics" in page) for page in pages] == [(True, False), (False, True)]
    wrong = issue_link(purpose="team-lead", person=ama, about=link[0], program=riverside, at=NOW,
                       expires_at=NOW + DAY)  # fmt: skip
    assert client.get(f"/t/{wrong}/?start=1").status_code == 404


@pytest.mark.parametrize("who", ["lead", "of that name", "giver"])
def test_a_group_with_somebody_they_are_kept_away_from_is_not_there(
    who, client, link, inside, time, ben, ben_in, riverside, dele, cora
):
    lead = inside.lead
    if who == "of that name":
        lead = add_person(organization=riverside.organization, given_name="nadia", family_name="ROSSI", by=None, at=NOW)
    keep_away(cora.person if who == "giver" else lead, ben, riverside, dele)

    assert client.get(link[1]).status_code == 404
    assert press(client, link[1], **here(time, ben_in)).status_code == 404
    assert written() == (0, 0, 0)


def test_nobody_they_are_kept_away_from_stands_in_a_pair_or_among_those_marked_before(
    client, link, inside, time, match, riverside, lily_in, dele, cora
):
    """Milo is in the pair, and not in the group; Lily was in the group, and left it. Both are kept safe from her."""
    milo = participant(person("Milo", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    Member.objects.create(program=riverside, match=match, participant=milo, side="mentee")
    press(client, link[1], **here(time, lily_in))
    actions.leave_group(inside.members.get(participant=lily_in), by=cora, at=NOW)
    before = in_words(read(client.get(link[1])))
    assert ("Ama, Ben and Milo" in before, "Lily" in before) == (True, True)

    for child in (milo.person, lily_in.person):
        keep_away(inside.lead, child, riverside, dele)

    after = in_words(read(client.get(link[1])))
    assert ("Robotics" in after, "Ben" in after, "Milo" in after, "Lily" in after) == (True, True, False, False)
    assert press(client, link[1], **here(time, lily_in, says="away", seen="here")).status_code == 422
    assert press(client, link[1], **word(inside, match, pair="word")).status_code == 200
    assert (PairWord.objects.count(), Task.objects.count()) == (0, 0)


def test_whoever_gave_it_reads_by_it_of_no_child_of_their_own(client, link, ben, cora):
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=MONDAY.date())

    page = in_words(read(client.get(link[1])))

    assert ("Lily" in page, "Ben" in page) == (True, False)


@pytest.mark.parametrize("turned", [False, True])
def test_two_records_of_one_lead_are_one_who_leads_both_with_one_link_open(
    turned, link, inside, riverside, lincoln, cora
):
    two = person("Nadja", riverside, mail=False, family_name="Rossi")
    given = {"name": "Chess", "lead": two, "host": cora, "site": lincoln, "form_id": "two"}
    actions.give_link(actions.begin_group(riverside, **given, by=cora, at=MONDAY), by=cora, at=NOW)
    kept, gone = (two, inside.lead) if turned else (inside.lead, two)

    put_together(kept, gone, by=cora, at=NOW)

    assert {one.lead for one in Group.objects.all()} == {kept}
    [still] = LeadLink.objects.filter(ended_at=None)
    assert (still.person, NamedLead.objects.get().person) == (kept, kept)
    opens = Link.objects.filter(purpose="team-lead", closed_at=None)
    assert list(opens.values_list("about_id", "person")) == [(still.pk, kept.pk)]


# How it reads


@pytest.mark.parametrize("language", ["ar", "es", "fr"])
def test_it_speaks_the_readers_language(language, link, inside, time, ben_in, match, clock):
    browser, path = Client(headers={"User-Agent": BROWSER["HTTP_USER_AGENT"]}), link[1].partition("?")[0]
    asked = {"start": "1", "in": language}
    address = f"{path}?start=1&in={language}"
    pages = [browser.get(path, {"in": language}), browser.get(path, asked)]
    pages += [browser.post(address, typed) for typed in ({}, word(inside, match, says="x"), word(inside, match))]
    pages += [browser.post(address, here(time, ben_in, seen="away")), browser.get("/t/none/", {"in": language})]
    clock.move_to(link[0].ends_at)
    pages.append(browser.get(path, asked))

    assert [english_left(read(page), language) for page in pages[:6]] == [[]] * 6
    assert english_left(read(pages[7]), language) == []
    if language == "ar":
        names = {"Robotics", "Ama", "Ben", "Lily", "Nadia", "Riverside", "mentoring", "Cora", "school", "office"}
        languages = {"English", "Español", "Français"}
        assert {
            word for page in [*pages[:6], pages[7]] for word in latin_words(read(page))
        } - names - languages == set()


def test_many_groups_cost_no_more_questions(client, link, inside, match, riverside, lincoln, holder, cora):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(link[1]).status_code == 200
        return len(queries)

    few = asked()
    for n in range(4):
        given = {"name": f"No {n}", "named": holder, "host": cora, "site": lincoln, "form_id": f"n{n}"}
        more = actions.begin_group(riverside, **given, by=cora, at=MONDAY)
        actions.take_in(more, [*match.mentors, *match.mentees], by=cora, at=MONDAY)
        for when in (NOW - HOUR, NOW + DAY):
            actions.set_times(more, starts_at=when, minutes=60, by=cora, at=MONDAY)

    assert asked() == few


def test_the_zone_of_the_program_says_when_the_last_day_ends(riverside):
    riverside.time_zone = "Pacific/Auckland"
    link = LeadLink(program=riverside, ends_at=datetime(2026, 11, 23, 11, tzinfo=NOW.tzinfo))

    assert link.last_day == date(2026, 11, 23)
