"""Quiet start: nothing leaves that nobody let go, a kind is let go by name, and everything can be taken back."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
import time_machine
from django.db.models import Q
from hypothesis import given, strategies

from rapport.audit.models import Event
from rapport.checkins.models import Ask, CheckIn
from rapport.core import places
from rapport.matches.models import Match, Member
from rapport.outbox import kinds
from rapport.outbox.actions import (
    NobodyLooked,
    begin_quiet,
    deliver_next,
    end_quiet,
    hold_all,
    hold_kind_again,
    let_kind_go,
    queue,
    release,
)
from rapport.outbox.models import LetGo, Link, Message
from rapport.people.actions import keep_away, say
from rapport.people.models import ContactPoint
from tests.at_once import at_once
from tests.cast import DAY, MONDAY, open_match, participant, person, staff
from tests.checkins.conftest import duty  # noqa: F401 (fixture)

HELD = "/p/riverside/outbox/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


@pytest.fixture
def news(thanks, tmp_path):
    """A second kind."""
    (tmp_path / "templates/mail/tests/news.txt").write_text("News\n\nThere is news.\n")
    yield kinds.kind("tests/news", purpose="messages", wanted=lambda messages, at: messages)
    kinds.KINDS.pop("tests/news", None)


@pytest.fixture
def must_go(thanks, tmp_path):
    (tmp_path / "templates/mail/tests/must-go.txt").write_text("Your link\n\nHere.\n")
    yield kinds.kind("tests/must-go", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages)
    kinds.KINDS.pop("tests/must-go", None)


numbers = count()


def write_to(somebody, match, kind="tests/thanks", at=MONDAY):
    key = f"{kind}:{next(numbers)}"
    queue(kind, to=somebody, about=match, key=key, at=at)
    return Message.objects.get(dedupe_key=key)


def states(**which):
    return list(Message.objects.filter(**which).order_by("pk").values_list("state", flat=True))


def deliver(at=MONDAY):
    while deliver_next(at=at):
        pass


# A kind from now on


def test_a_kind_that_was_let_go_goes_by_itself_and_each_other_waits(quiet, news, match, ama, cora):
    seen = write_to(ama, match)

    assert let_kind_go("tests/thanks", program=quiet, seen=seen, by=cora, at=MONDAY)
    write_to(ama, match)
    write_to(ama, match, "tests/news")
    deliver()

    assert states(kind="tests/thanks") == ["held", "accepted"]  # what waited before waits for its own release
    assert states(kind="tests/news") == ["held"]
    row = LetGo.objects.get()
    assert (row.kind, row.by, row.since_at, row.ended_at) == ("tests/thanks", cora, MONDAY, None)
    assert Event.objects.get(verb="kind.let-go").actor_id == cora.pk


def test_twice_is_once(quiet, thanks, match, ama, cora):
    seen = write_to(ama, match)

    made = [let_kind_go("tests/thanks", program=quiet, seen=seen, by=cora, at=MONDAY) for _ in range(2)]

    assert made == [True, False]
    assert LetGo.objects.count() == Event.objects.filter(verb="kind.let-go").count() == 1


def test_a_kind_nobody_has_looked_at_is_not_let_go(quiet, news, must_go, match, ama, cora, hillside, omar):
    thanked, essential = write_to(ama, match), write_to(ama, match, "tests/must-go")
    queue("tests/thanks", to=omar.person, about=None, program=hillside, key="hill", at=MONDAY)
    of_hillside = Message.objects.get(dedupe_key="hill")

    for kind, seen in [
        ("tests/news", None), ("tests/news", thanked), ("tests/thanks", of_hillside), ("no/such", thanked),
        ("tests/must-go", essential), ("safeguarding/concern", thanked), ("access/mail", thanked),
    ]:  # fmt: skip
        with pytest.raises(NobodyLooked):
            let_kind_go(kind, program=quiet, seen=seen, by=cora, at=MONDAY)

    assert not LetGo.objects.exists()


def test_a_kind_that_is_held_again_waits_even_where_it_was_on_its_way(quiet, thanks, match, ama, cora):
    let_kind_go("tests/thanks", program=quiet, seen=write_to(ama, match), by=cora, at=MONDAY)
    on_its_way = write_to(ama, match, at=MONDAY + HOUR)

    assert hold_kind_again("tests/thanks", program=quiet, by=cora, at=MONDAY)
    assert not hold_kind_again("tests/thanks", program=quiet, by=cora, at=MONDAY)
    deliver(MONDAY + HOUR)
    write_to(ama, match)

    assert set(states()) == {"held"}
    assert on_its_way.state == "pending"
    assert Event.objects.filter(verb="kind.held-again").count() == 1
    assert not release(Message.objects.none(), by=cora, at=MONDAY)


def test_what_was_released_by_hand_goes_though_its_kind_is_held_again(quiet, thanks, match, ama, cora):
    one = write_to(ama, match)
    let_kind_go("tests/thanks", program=quiet, seen=one, by=cora, at=MONDAY)
    release(Message.objects.filter(pk=one.pk), by=cora, at=MONDAY)
    hold_kind_again("tests/thanks", program=quiet, by=cora, at=MONDAY)

    deliver()

    assert states() == ["accepted"]


def test_essential_letters_never_wait(quiet, must_go, match, ama):
    write_to(ama, match, "tests/must-go")

    deliver()

    assert states() == ["accepted"]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_release_once_and_let_go_once(quiet, thanks, match, ama, grace, cora):
    one, other = write_to(ama, match), write_to(grace, match)

    def press():
        let_kind_go("tests/thanks", program=quiet, seen=one, by=cora, at=MONDAY)
        release(Message.objects.filter(pk__in=[one.pk, other.pk]), by=cora, at=MONDAY)

    at_once(press)

    assert states() == ["pending", "pending"]
    assert Event.objects.filter(verb="message.released").count() == 2
    assert LetGo.objects.count() == Event.objects.filter(verb="kind.let-go").count() == 1


# Its end, and its beginning


def test_at_its_end_what_waits_stays_or_goes_as_was_chosen(quiet, thanks, match, ama, grace, cora):
    one, _other = write_to(ama, match), write_to(grace, match)

    assert end_quiet(quiet, waiting=Message.objects.filter(pk=one.pk), by=cora, at=MONDAY) == (True, 1)
    quiet.refresh_from_db()
    assert end_quiet(quiet, waiting=Message.objects.all(), by=cora, at=MONDAY) == (False, 0)
    write_to(ama, match)
    deliver()

    assert states() == ["accepted", "held", "accepted"]
    assert Event.objects.get(verb="program.changed").facts["now"] == {"quiet_start": False}


def test_a_new_quiet_start_knows_no_kind_of_the_old_one(quiet, thanks, match, ama, cora):
    let_kind_go("tests/thanks", program=quiet, seen=write_to(ama, match), by=cora, at=MONDAY)
    end_quiet(quiet, by=cora, at=MONDAY)
    match.refresh_from_db()
    queued = write_to(ama, match)

    quiet.refresh_from_db()
    begin_quiet(quiet, by=cora, at=MONDAY)
    deliver()
    match.refresh_from_db()
    write_to(ama, match)

    assert queued.state == "pending"
    assert set(states()) == {"held"}
    assert not LetGo.objects.live().exists()


def test_a_restored_copy_lets_no_kind_go(quiet, thanks, match, ama, cora):
    one = write_to(ama, match)
    let_kind_go("tests/thanks", program=quiet, seen=one, by=cora, at=MONDAY)
    release(Message.objects.filter(pk=one.pk), by=cora, at=MONDAY)

    hold_all(at=MONDAY)
    deliver()
    write_to(ama, match)

    assert set(states()) == {"held"}


# A released message is judged again


@pytest.mark.parametrize("what", ["consent", "restriction", "address"])
def test_a_released_message_is_judged_again_when_it_leaves(quiet, thanks, match, ama, ben, cora, dele, what):
    kinds.kind(
        "tests/thanks", purpose="messages", wanted=lambda messages, at: messages,
        speaks_of=lambda messages: {message.pk: [ben.pk] for message in messages},
    )  # fmt: skip
    one = write_to(ama, match)
    release(Message.objects.filter(pk=one.pk), by=cora, at=MONDAY)

    if what == "consent":
        say(program=quiet, person=ama, given_by=ama, purpose="messages", is_given=False, by=cora, at=MONDAY)
    elif what == "restriction":
        keep_away(
            program=quiet, kept_away=ama, subject=ben, reason="x", document="", starts_on=date(2026, 11, 1),
            review_on=date(2027, 1, 1), by=dele, at=MONDAY,
        )  # fmt: skip
    else:
        ContactPoint.objects.filter(person=ama).update(broken_at=MONDAY)
    deliver()

    assert states() == ["suppressed"]


# The pages


@pytest.fixture
def waiting(quiet, news, match, ama, grace):
    return [write_to(ama, match), write_to(grace, match), write_to(ama, match, "tests/news")]


def last_on(browser, where=""):
    return browser.get(HELD + where).context["until"]


def test_from_the_page_of_a_kind_it_is_let_go_and_held_again(as_user, waiting, match, ama, cora, quiet):
    browser = as_user(cora)
    page = browser.get(HELD + "?kind=tests/thanks")
    pressed = {"kind": "tests/thanks", "seen": page.context["rows"][0].place, "until": page.context["until"]}

    first = browser.post(HELD + "kind/release/", pressed, follow=True).content.decode()
    second = browser.post(HELD + "kind/release/", pressed, follow=True).content.decode()

    assert "From now on this goes out by itself: Thanks. 2 messages go out now." in first
    assert "goes out by itself, says Cora since 16 November 2026" in second
    assert states() == ["pending", "pending", "held"]
    assert Event.objects.filter(verb="message.released").count() == 2
    settings_page = browser.get("/p/riverside/settings/").content.decode()
    assert "released from now on" in settings_page

    said = browser.post(HELD + "kind/hold/", {"kind": "tests/thanks"}, follow=True).content.decode()
    assert "This kind waits again from now on." in said
    assert not LetGo.objects.live().exists()
    for way in ("kind/hold/", "kind/release/"):
        assert browser.post(HELD + way, {"kind": "a\0"}).status_code == 302  # PostgreSQL takes no such sign


def test_a_place_of_another_kind_lets_no_kind_go(as_user, waiting, cora):
    said = as_user(cora).post(
        HELD + "kind/release/", {"kind": "tests/news", "seen": waiting[0].place, "until": waiting[2].place}, follow=True
    )

    assert "Look at a message of this kind first." in said.content.decode()
    assert set(states()) == {"held"}


def test_all_means_those_that_stood_on_the_page(as_user, waiting, cora, match, ama):
    browser = as_user(cora)
    until = last_on(browser)
    later = write_to(ama, match)

    browser.post(HELD + "release/", {"do": "all", "until": until})

    assert list(Message.objects.held()) == [later]


def test_a_double_click_releases_once(as_user, waiting, cora):
    browser, one = as_user(cora), {"one": waiting[0].place}

    first = browser.post(HELD + "release/", one, follow=True).content.decode()
    second = browser.post(HELD + "release/", one, follow=True).content.decode()

    assert "1 message goes out now." in first
    assert "What you chose does not wait any more. Nothing goes out twice." in second
    assert Event.objects.filter(verb="message.released").count() == 1
    assert states() == ["pending", "held", "held"]


@pytest.mark.parametrize(("query", "found"), [("to", 2), ("name", 2), ("both", 1), ("nobody", 0)])
def test_one_person_is_found(as_user, waiting, cora, ama, query, found):
    asked = {
        "to": f"?to={ama.ref}", "name": "?name=am men", "both": "?name=ama&kind=tests/news", "nobody": "?name=zo",
    }  # fmt: skip
    browser = as_user(cora)

    page = browser.get(HELD + asked[query])

    assert len(page.context["rows"]) == page.context["number"] == found
    if found:
        wanted = {name: page.context[name] for name in ("kind", "to", "name", "until")}
        browser.post(HELD + "release/", {"do": "all", **wanted})
        assert states().count("pending") == found


def test_a_message_is_read_in_full(as_user, waiting, cora, ama):
    ama.language = "es"
    ama.save()

    page = as_user(cora).get(f"{HELD}{waiting[0].place}/").content.decode()

    for said in ("What Ama would get", "Thank you, Ama", "ama@example.org", "Español", "Riverside mentoring"):
        assert said in page
    assert Link.objects.count() == 0


def test_why_it_would_not_leave_is_said_with_its_words(as_user, quiet, thanks, match, riverside, cora):
    one = write_to(person("Lou", riverside, mail=False), match)

    page = as_user(cora).get(f"{HELD}{one.place}/").content.decode()

    assert "It would not leave now: no address." in page
    assert "Hello Lou, thank you." in page


@pytest.fixture
def letter(quiet, match, ben, duty):  # noqa: F811
    """Ben's first letter waits."""
    ask = Ask.objects.create(program=quiet, person=ben, state="sent", made_at=MONDAY, sent_at=MONDAY)
    CheckIn.objects.create(
        program=quiet, match=match, person=ben, party="mentee", instance=1, ask=ask, due_at=MONDAY - DAY
    )
    queue("checkins/invitation", to=ben, about=ask, key="ben", at=MONDAY)
    return Message.objects.get(dedupe_key="ben")


def test_the_page_behind_the_link_is_seen_and_nothing_on_it_works(as_user, letter, cora):
    browser, before = as_user(cora), Message.objects.values().get(pk=letter.pk)
    full = browser.get(f"{HELD}{letter.place}/")
    page = browser.get(f"{HELD}{letter.place}/page/")
    html = page.content.decode()

    assert "The page behind the link, as Ben will see it" in full.content.decode()
    assert "This is what Ben will see behind the link." in html
    assert "How do you feel about the time with Ama?" in html
    assert "Dele" in html
    assert "<fieldset disabled>" in html
    assert page["Cache-Control"] == "no-store"
    assert "/a/" not in html
    assert browser.post(f"{HELD}{letter.place}/page/", {"instead": "talk"}).status_code == 404
    assert Link.objects.count() == 0
    assert Message.objects.values().get(pk=letter.pk) == before


def test_a_page_that_no_reader_may_know_is_not_there(as_user, letter, cora, dele, ben, riverside):
    keep_away(
        program=riverside, kept_away=cora.person, subject=ben, reason="x", document="", starts_on=date(2026, 11, 1),
        review_on=date(2027, 1, 1), by=dele, at=MONDAY,
    )  # fmt: skip
    browser = as_user(cora)

    for where in ("", "page/"):
        assert browser.get(f"{HELD}{letter.place}/{where}").status_code == 404
    assert browser.get(HELD).context["all"] == 0
    browser.post(HELD + "release/", {"do": "all", "until": letter.place})
    assert states() == ["held"]


def test_all_releases_nothing_about_somebody_one_is_kept_from(as_user, waiting, cora, dele, ben, riverside):
    kinds.kind(
        "tests/news", purpose="messages", wanted=lambda messages, at: messages,
        speaks_of=lambda messages: {message.pk: [ben.pk] for message in messages},
    )  # fmt: skip
    keep_away(
        program=riverside, kept_away=cora.person, subject=ben, reason="x", document="", starts_on=date(2026, 11, 1),
        review_on=date(2027, 1, 1), by=dele, at=MONDAY,
    )  # fmt: skip
    browser = as_user(cora)

    assert browser.get(HELD).context["all"] == 2
    browser.post(HELD + "release/", {"do": "all", "until": waiting[2].place})

    assert states() == ["pending", "pending", "held"]


def test_quiet_start_ends_from_its_page_with_what_will_leave(as_user, waiting, cora, quiet, match, ama):
    browser = as_user(cora)
    page = browser.get(HELD + "quiet/")
    later = write_to(ama, match)
    pressed = {"do": "end-and-release", "until": page.context["until"]}

    assert "End it, and release these 3" in page.content.decode()
    first = browser.post(HELD + "quiet/", pressed, follow=True).content.decode()
    second = browser.post(HELD + "quiet/", pressed, follow=True).content.decode()

    assert "Quiet start is over. From now on everything goes out by itself. 3 messages go out now." in first
    assert "go out now" not in second
    assert list(Message.objects.held()) == [later]
    assert Event.objects.filter(verb="program.changed").count() == 1
    again = browser.post(HELD + "quiet/", {"do": "begin"}, follow=True).content.decode()
    assert "From now on everything waits until somebody releases it." in again
    quiet.refresh_from_db()
    assert quiet.quiet_start


@pytest.mark.parametrize("do", ["", "nonsense", "\0"])
def test_an_odd_press_ends_nothing(as_user, waiting, cora, quiet, do):
    as_user(cora).post(HELD + "quiet/", {"do": do, "until": waiting[0].place})

    quiet.refresh_from_db()
    assert quiet.quiet_start
    assert set(states()) == {"held"}


def test_omar_dele_and_match_support_find_none_of_it(as_user, waiting, letter, omar, dele, riverside, hillside, cora):
    hillside.quiet_start = True
    hillside.save()
    queue("tests/thanks", to=person("Hana", hillside), about=None, program=hillside, key="omar", at=MONDAY)
    mia = staff("Mia", riverside, "match-support")
    one = waiting[0].place

    for user in (omar, dele, mia):
        browser = as_user(user)
        for where in ("", "quiet/", "sent/", f"{one}/", f"{letter.place}/", f"{letter.place}/page/"):
            page = browser.get(HELD + where)
            assert page.status_code == 404 or (user == mia and not where and not page.context["all"]), (user, where)
        for where, typed in [
            ("release/", {"one": one}), ("release/", {"do": "all", "until": one}), ("quiet/", {"do": "end"}),
            ("kind/release/", {"kind": "tests/thanks", "seen": one}), ("kind/hold/", {"kind": "tests/thanks"}),
        ]:  # fmt: skip
            assert browser.post(HELD + where, typed).status_code == 404, (user, where)
    own = as_user(omar)
    assert own.get("/p/hillside/outbox/").context["all"] == 1
    assert own.get(f"/p/hillside/outbox/{one}/").status_code == 404
    own.post("/p/hillside/outbox/release/", {"one": one})
    own.post("/p/hillside/outbox/kind/release/", {"kind": "tests/thanks", "seen": one, "until": one})
    assert (set(states(program=riverside)), LetGo.objects.count()) == ({"held"}, 0)
    assert "released from now on" not in as_user(mia).get("/p/riverside/settings/").content.decode()


def test_ten_thousand_wait_and_the_questions_stay_the_same(
    as_user, waiting, cora, match, ama, riverside, django_assert_max_num_queries, pytestconfig
):
    from tests.conftest import FULL

    browser, many = as_user(cora), 10_000 if FULL else 600
    places_asked = ("", "?kind=tests/thanks", "quiet/", f"{waiting[0].place}/")
    write_to(person("P", riverside), match)
    few = []
    for where in places_asked:
        browser.get(HELD + where)
        with django_assert_max_num_queries(60) as asked:
            browser.get(HELD + where)
        few.append(len(asked.captured_queries))
    one = Message.objects.get(pk=waiting[0].pk)
    Message.objects.bulk_create(
        [
            Message(
                program=riverside, kind=one.kind, to=ama, about_type=one.about_type, about_id=one.about_id,
                dedupe_key=f"many:{n}", state="held", queued_at=MONDAY, next_at=MONDAY,
            )
            for n in range(many)
        ],
        batch_size=500,
    )  # fmt: skip

    for where, most in zip(places_asked, few, strict=True):
        with django_assert_max_num_queries(most + 1):
            browser.get(HELD + where)
    last = browser.get(HELD).context
    browser.post(HELD + "release/", {"do": "all", "until": last["until"]})
    assert states().count("pending") == many + 4
    assert Event.objects.filter(verb="message.released").count() == many + 4


# The property


WHAT = ["write", "news", "must", "one", "all", "let go", "hold", "end", "begin", "restore"]
DEEDS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(WHAT),
        strategies.integers(0, 5),
    ),
    max_size=14,
)  # fmt: skip


@given(deeds=DEEDS)
def test_nothing_leaves_in_a_quiet_start_that_nobody_let_go(deeds, quiet, news, must_go, match, ama, grace, cora):
    """Whatever is pressed, in whatever order: each ordinary letter that left under quiet start has its release, or its
    kind had been let go when it left; and each essential one left."""
    begin_anew(quiet)
    for n, (deed, which) in enumerate(deeds):
        at = MONDAY + n * timedelta(minutes=1)
        quiet.refresh_from_db()
        act(deed, which, quiet, match, [ama, grace], cora, at)
        was_quiet, let_go = quiet.quiet_start, set(LetGo.objects.live().values_list("kind", flat=True))
        gone = set(Message.objects.filter(state="accepted").values_list("pk", flat=True))
        quiet.refresh_from_db()
        deliver(at)
        for left in Message.objects.filter(state="accepted").exclude(pk__in=gone):
            released = Event.objects.filter(verb="message.released", about_id=left.pk).exists()
            assert (
                not quiet.quiet_start or left.kind in let_go or left.kind == "tests/must-go" or released
            ), (deed, was_quiet)  # fmt: skip
    assert not Message.objects.filter(Q(kind="tests/must-go") & ~Q(state="accepted")).exclude(state="held").exists()


def begin_anew(program):
    Message.objects.all().delete()
    LetGo.objects.all().delete()
    program.quiet_start = True
    program.save()


def act(deed, which, program, match, people, by, at):
    held = list(Message.objects.held().order_by("pk"))
    kind = ("tests/thanks", "tests/news")[which % 2]
    if deed in ("write", "news", "must"):
        name = {"write": "tests/thanks", "news": "tests/news", "must": "tests/must-go"}[deed]
        write_to(people[which % 2], match, name, at=at)
    elif deed == "one" and held:
        release(Message.objects.filter(pk=held[which % len(held)].pk), by=by, at=at)
    elif deed == "all":
        release(Message.objects.filter(kind=kind), by=by, at=at)
    elif deed == "let go" and Message.objects.filter(kind=kind).exists():
        let_kind_go(kind, program=program, seen=Message.objects.filter(kind=kind).first(), by=by, at=at)
    elif deed == "hold":
        hold_kind_again(kind, program=program, by=by, at=at)
    elif deed == "end":
        end_quiet(program, waiting=Message.objects.all() if which % 2 else None, by=by, at=at)
    elif deed == "begin":
        begin_quiet(program, by=by, at=at)
    elif deed == "restore":
        hold_all(at=at)


def test_no_key_of_a_message_stands_on_these_pages(as_user, waiting, cora):
    browser = as_user(cora)

    for where in ("", "quiet/", f"{waiting[0].place}/"):
        html = browser.get(HELD + where).content.decode()
        assert not re.search(r'value="\d+"', html)
    for where in (waiting[0].pk, "0", places.hide(10**6), "x" * 300):
        assert browser.get(f"{HELD}{where}/").status_code == 404


# Who looks after some matches reads what waits for their people, and lets nothing go


@pytest.fixture
def mo(riverside):
    """Of match support, with no match yet."""
    return staff("Mo", riverside, "match-support")


@pytest.fixture
def told(thanks, monkeypatch):
    """The letter of thanks tells of the child of its match."""
    monkeypatch.setitem(kinds.KINDS, "tests/thanks", replace(thanks, speaks_of=children_of))


def children_of(messages):
    rows = Member.objects.filter(match__in=messages.values("about_id"), side="mentee")
    children = dict(rows.values_list("match", "participant__person"))
    return {message.pk: {children[message.about_id]} for message in messages}


def test_match_support_reads_what_waits_for_the_people_of_their_matches_and_for_nobody_else(
    as_user, quiet, told, news, match, ama, ama_in, ben, grace, cora, mo, riverside
):
    lily = participant(person("Lily", riverside, born_on=date(2015, 1, 1)), riverside, "mentee")
    other = open_match(ama_in, lily, coordinator=cora)
    mine = [write_to(ama, match), write_to(grace, match), write_to(ben, match)]
    others = [write_to(ama, other), write_to(lily.person, other), write_to(mo.person, match)]
    others.append(write_to(ama, match, "tests/news"))
    browser, before = as_user(mo), as_user(mo).get(HELD).content.decode()
    Match.objects.filter(pk=match.pk).update(coordinator=mo)

    page = browser.get(HELD).content.decode()

    assert "No message waits." in before
    assert "3 messages to people of your matches wait." in page
    assert [browser.get(f"{HELD}{one.place}/").status_code for one in mine] == [200] * 3
    assert [browser.get(f"{HELD}{one.place}/").status_code for one in others] == [404] * 4
    assert "Lily" not in page
    assert "Release" not in page + browser.get(f"{HELD}{mine[0].place}/").content.decode()
    for way in ("release/", "kind/release/", "kind/hold/", "quiet/", "sent/"):
        assert browser.post(HELD + way, {"do": "all", "one": mine[0].place}).status_code == 404
    assert states() == ["held"] * 7


def test_every_kind_that_waits_and_has_a_link_shows_the_page_behind_it():
    waits = [kind for kind in kinds.KINDS.values() if not kind.never_waits]
    linked = [kind for kind in waits if kind.link and not kind.name.startswith("tests/")]

    assert len(linked) >= 9
    assert [kind.name for kind in linked if not kind.link.shows] == []


@pytest.mark.parametrize("asked", ["kind=%00", "to=a%00", "name=%00b"])
def test_no_sign_in_the_address_breaks_the_list(asked, as_user, cora, riverside):
    assert as_user(cora).get(f"/p/riverside/outbox/?{asked}").status_code == 200


def test_a_kind_that_is_read_one_by_one_is_let_go_by_nobody(as_user, quiet, thanks, match, ama, cora):
    kinds.kind("tests/thanks", purpose="messages", wanted=thanks.wanted, always_waits=True)
    write_to(ama, match)
    browser = as_user(cora)
    page = browser.get(HELD + "?kind=tests/thanks")
    row = page.context["rows"][0]

    pressed = {"kind": "tests/thanks", "seen": row.place, "until": page.context["until"]}
    said = browser.post(HELD + "kind/release/", pressed, follow=True).content.decode()

    assert "this kind from now on" not in page.content.decode()
    assert "Release them one by one." in said
    assert not LetGo.objects.exists()
    assert Message.objects.held().count() == 1
