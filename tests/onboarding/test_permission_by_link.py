"""Permission by a link: what the page shows, what it keeps, and who may say it (security.md §5, Consent)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.urls import reverse

from rapport.audit.models import Event
from rapport.core import places
from rapport.onboarding import actions
from rapport.onboarding.models import ConsentAsk, ConsentText, Gate
from rapport.onboarding.questions import missing_gates, ready
from rapport.onboarding.refusals import TextChangedMeanwhile
from rapport.outbox.models import Message
from rapport.people.actions import NotAGuardian, keep_away, say
from rapport.people.models import Consent, ContactPoint, Guardianship
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, participant, person, staff
from tests.onboarding.conftest import NOON, TODAY, asked, letters, link_to, pressed, say_by_link
from tests.onboarding.test_pages import count

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def george(riverside, ben):
    """Ben's other guardian."""
    adult = person("George", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=adult, child=ben, relation="father", starts_on=date(2015, 4, 2))
    return adult


def text(page):
    return page.content.decode()


def words_on(child):
    return list(Consent.objects.filter(person=child).order_by("pk").values_list("given_by", "purpose", "is_given"))


def permission(of):
    return Gate.objects.filter(participant=of, code="permission").first()


def test_a_letter_carries_no_name_but_the_readers_own(mailbox, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)

    [(to, body)] = letters(mailbox, MONDAY)
    assert to == "grace@example.org"
    assert "Hello Grace," in body
    assert "Ben" not in body


def test_the_page_names_nobody_before_the_press_and_nothing_is_chosen_beforehand(mailbox, reader, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")

    start = reader.get(path)
    page = reader.get(path, {"start": "1"})

    assert "Ben" not in text(start)
    assert "For Ben, at Riverside mentoring" in text(page)
    assert "Who sees it" in text(page)
    assert "Cora, 555 0100" in text(page)
    assert " checked" not in text(page)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert not Consent.objects.exists()


def test_each_purpose_is_kept_apart_and_the_gate_follows_the_first(mailbox, reader, ben_in, ben, grace, cora):
    asked(ben_in, grace, "join", "share-basics", "photo", by=cora)

    page = say_by_link(reader, link_to(mailbox, "grace"), join="yes", share_basics="yes", photo="no")

    assert "Thank you, Grace" in text(page)
    said = Consent.objects.order_by("pk").values_list(
        "purpose", "is_given", "given_by", "text_version", "language", "channel"
    )
    assert list(said) == [
        ("join", True, grace.pk, "1", "en", "link"),
        ("share-basics", True, grace.pk, "1", "en", "link"),
        ("photo", False, grace.pk, "1", "en", "link"),
    ]
    gate = permission(ben_in)
    assert (gate.is_met, gate.given_by, gate.seen_by, gate.met_on) == (True, grace, None, TODAY)
    assert gate.how == "by a link, text 1 (en)"
    assert not Task.objects.exists()


def test_the_same_link_takes_it_back_and_shows_nothing_said_before(mailbox, reader, ben_in, ben, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")
    say_by_link(reader, path, join="yes")

    again = reader.get(path, {"start": "1"})
    assert " checked" not in text(again)
    say_by_link(reader, path, join="no")

    assert not permission(ben_in).is_met
    assert words_on(ben) == [(grace.pk, "join", True), (grace.pk, "join", False)]
    [task] = Task.objects.all()
    assert (task.owner, task.kind, task.person) == (cora, "onboarding/said-no", grace)


def test_pressing_twice_is_one_word(mailbox, reader, ben_in, ben, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")
    sent = pressed(reader.get(path, {"start": "1"}), join="no")

    assert [reader.post(path, sent).status_code for _ in range(3)] == [200, 200, 200]
    assert words_on(ben) == [(grace.pk, "join", False)]
    assert Task.objects.count() == 1


def test_what_cannot_be_kept_is_said_and_nothing_kept(mailbox, reader, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")
    right = pressed(reader.get(path, {"start": "1"}), join="yes")

    for changed in ({"join-say": ""}, {"join-say": "perhaps"}, {"join-text": "9" * 19}, {"join-text": "x\u0000"}):
        assert reader.post(path, right | changed).status_code in (409, 422)
    assert reader.post(path, {"photo-say": "yes", "photo-text": "1"}).status_code == 422
    assert not Consent.objects.exists()


def test_a_machine_that_presses_is_asked_to_look_once_more(mailbox, reader, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace", at=NOON)  # sent this very second
    sent = pressed(reader.get(path, {"start": "1"}), join="yes")

    page = reader.post(path, sent)

    assert page.status_code == 409
    assert "press once more" in text(page)
    assert not Consent.objects.exists()
    assert reader.post(path, sent | {"again": "yes"}).status_code == 200  # a person, with a browser that looks like one
    assert Consent.objects.get().is_given


def test_a_head_or_get_changes_nothing(mailbox, reader, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")
    before = Event.objects.count()

    for verb in ("get", "head", "options"):
        getattr(reader, verb)(path)
    assert Event.objects.count() == before


def test_the_page_speaks_the_readers_language_and_the_row_says_which(mailbox, reader, riverside, ben_in, grace, cora):
    riverside.languages = ["en", "ar"]
    riverside.save()
    grace.language = "ar"
    grace.save()
    asked(ben_in, grace, "join", by=cora)
    path = link_to(mailbox, "grace")

    page = reader.get(path, {"start": "1"})
    assert 'dir="rtl"' in text(page)
    assert "المشاركة" in text(page)
    reader.post(path, pressed(page, join="yes"))

    assert Consent.objects.get().language == "ar"
    assert permission(ben_in).how == "by a link, text 1 (ar)"


def test_one_guardians_no_is_no_until_a_person_settles_it(mailbox, reader, ben_in, ben, grace, george, cora, as_user):
    asked(ben_in, grace, by=cora)
    asked(ben_in, george, by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="yes")
    assert permission(ben_in).is_met

    page = say_by_link(reader, link_to(mailbox, "george"), join="no")

    assert "Grace" not in text(page)
    assert not permission(ben_in).is_met
    assert [task.kind for task in Task.objects.all()] == ["onboarding/two-words"]

    with time_machine.travel(NOON + DAY, tick=False):  # her yes once more does not outweigh it
        say_by_link(reader, link_to(mailbox, "grace"), join="yes")
    assert not permission(ben_in).is_met

    page = as_user(cora).get(f"/p/riverside/gates/{ben_in.ref}/permission/")
    assert "George said no on 16 November 2026." in text(page)
    settled = {"code": "permission", "is_met": True, "met_on": TODAY, "given_by": grace, "how": "both, on the phone"}
    actions.record_gate(ben_in, **settled, by=cora, at=NOON + 2 * DAY)
    with time_machine.travel(NOON + 3 * DAY, tick=False):
        say_by_link(reader, link_to(mailbox, "grace"), join="no")
        say_by_link(reader, link_to(mailbox, "grace"), join="yes")
    assert not permission(ben_in).is_met  # taken back: what was settled is open again


def test_two_guardians_never_see_each_other(mailbox, reader, ben_in, grace, george, cora):
    asked(ben_in, grace, by=cora)
    asked(ben_in, george, by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="no")

    path = link_to(mailbox, "george")
    for page in (reader.get(path), reader.get(path, {"start": "1"}), say_by_link(reader, path, join="yes")):
        assert "Grace" not in text(page)


def test_guardian_yes_and_own_no_begins_nothing(mailbox, reader, ben_in, ben, grace, cora, riverside):
    asked(ben_in, grace, by=cora)
    asked(ben_in, ben, by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="yes")
    page = say_by_link(reader, link_to(mailbox, "ben"), join="no")

    assert "Thank you, Ben" in text(page)
    assert missing_gates([ben_in], TODAY, with_minor=True)[ben_in.pk] == ["Ben has not said yes."]
    assert not ready(riverside, "mentee", TODAY).exists()


def test_a_yes_counts_until_its_last_day(mailbox, reader, ben_in, ben, grace, cora):
    asked(ben_in, grace, "join", by=cora, counts_until_on=TODAY + timedelta(days=30))
    say_by_link(reader, link_to(mailbox, "grace"), join="yes")

    word = Consent.objects.get()
    last = datetime(2026, 12, 16, 23, 59, tzinfo=UTC)
    assert word.expires_at == datetime(2026, 12, 17, tzinfo=UTC)
    assert Consent.objects.valid(last).exists()
    assert not Consent.objects.valid(last + timedelta(minutes=1)).exists()
    assert Gate.objects.met(date(2026, 12, 16)).exists()
    assert not Gate.objects.met(date(2026, 12, 17)).exists()


def test_new_words_are_read_before_they_are_said_yes_to_and_an_older_yes_stands(
    mailbox, reader, riverside, ben_in, grace, cora, as_user
):
    asked(ben_in, grace, "join", by=cora)
    path = link_to(mailbox, "grace")
    say_by_link(reader, path, join="yes")
    before = reader.get(path, {"start": "1"})
    newer = {"title": "Meeting", "words": "{name} meets twice a week.", "who_sees": "Staff", "after": 1}
    actions.write_text(riverside, purpose="join", voice="child", language="en", **newer, by=cora, at=NOON)

    page = reader.post(path, pressed(before, join="no"))

    assert page.status_code == 409
    assert "Ben meets twice a week." in text(page)
    assert permission(ben_in).is_met
    staff = as_user(cora).get(f"/p/riverside/gates/{ben_in.ref}/consents/")
    assert "text 1 (en); there is a newer text" in text(staff)
    say_by_link(reader, path, join="yes")
    assert [word.text_version for word in Consent.objects.order_by("pk")] == ["1", "2"]


def gone(guardianship):
    guardianship.ends_on = TODAY
    guardianship.save()


def without_the_right(guardianship):
    guardianship.consents = False
    guardianship.save()


def grown_up_today(guardianship):
    guardianship.child.born_on = date(2008, 11, 16)
    guardianship.child.save()


def restricted(guardianship):
    keep_away(
        program=guardianship.child.participations.get().program, kept_away=guardianship.adult,
        subject=guardianship.child, reason="a court said so", document="", starts_on=TODAY, review_on=TODAY + 30 * DAY,
        by=get_user_model().objects.earliest("pk"), at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("change", [gone, without_the_right, grown_up_today, restricted])
def test_whoever_may_no_longer_say_it_meets_what_a_stranger_meets(mailbox, reader, ben_in, grace, cora, change):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")
    sent = pressed(reader.get(path, {"start": "1"}), join="yes")
    change(Guardianship.objects.get())

    strange = reader.get("/c/" + "x" * 22 + "/")
    for page in (reader.get(path), reader.get(path, {"start": "1"}), reader.post(path, sent)):
        assert (page.status_code, text(page)) == (404, text(strange))
    assert not Consent.objects.exists()
    assert permission(ben_in) is None


@pytest.mark.parametrize("change", [gone, without_the_right, grown_up_today, restricted])
def test_a_letter_that_waits_does_not_leave_to_whoever_may_no_longer_say_it(mailbox, ben_in, grace, cora, change):
    asked(ben_in, grace, by=cora)
    change(Guardianship.objects.get())

    assert letters(mailbox, NOON) == []
    assert Message.objects.get().state == Message.State.SUPPRESSED


def test_nobody_is_asked_about_a_child_that_is_not_theirs(ben_in, grace, ama, cora, riverside, hill_match):
    other = participant(person("Mia", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    hanna = hill_match.members.get(side="mentee").participant

    for child, adult in ((other, grace), (ben_in, ama), (hanna, grace)):
        with pytest.raises(NotAGuardian):
            asked(child, adult, by=cora)
    assert not ConsentAsk.objects.exists()


def test_at_eighteen_they_are_asked_themselves_and_agree_for_themselves(mailbox, reader, ben_in, ben, grace, cora):
    grown_up_today(Guardianship.objects.select_related("child").get())
    ben_in.refresh_from_db()

    with pytest.raises(NotAGuardian):
        asked(ben_in, grace, by=cora, at=NOON)
    asked(ben_in, ben, by=cora, at=MONDAY)
    say_by_link(reader, link_to(mailbox, "ben"), join="yes")
    assert list(Gate.objects.values_list("code", "is_met")) == [("consent", True)]


def test_a_child_is_written_to_only_where_nobody_else_reads(mailbox, ben_in, ben, cora):
    ContactPoint.objects.filter(person=ben).update(is_private=False)

    ask = asked(ben_in, ben, by=cora)

    assert not ask.by_letter
    assert letters(mailbox, NOON) == []


def test_who_said_no_to_messages_gets_paper_even_where_the_letter_waited_already(
    mailbox, ben_in, grace, cora, riverside
):
    asked(ben_in, grace, by=cora)
    no = {"program": riverside, "person": grace, "given_by": grace, "purpose": "messages", "is_given": False}
    say(**no, by=cora, at=MONDAY)

    assert letters(mailbox, NOON) == []
    [task] = Task.objects.all()
    assert (task.kind, task.owner) == ("onboarding/on-paper", cora)
    assert not asked(ben_in, grace, by=cora).by_letter


def test_a_quiet_start_holds_the_letter_until_somebody_looked_at_it(mailbox, ben_in, grace, cora, riverside, as_user):
    riverside.quiet_start = True
    riverside.save()
    asked(ben_in, grace, by=cora)

    assert letters(mailbox, NOON) == []
    browser = as_user(cora)
    assert "We have a question that only you can answer" in text(browser.get("/p/riverside/outbox/"))
    place = places.hide(Message.objects.get().pk)
    behind = browser.get(reverse("outbox:behind", args=["riverside", place]))
    assert "For Ben, at Riverside mentoring" in text(behind)


def test_not_me_shuts_the_link_and_a_talk_makes_a_call(mailbox, reader, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")

    assert "will call you" in text(reader.post(path, {"instead": "talk"}))
    assert "we look for the right address" in text(reader.post(path, {"instead": "not-me"}))

    assert reader.get(path).status_code == 404
    assert sorted(Task.objects.values_list("kind", flat=True)) == ["onboarding/call-me", "onboarding/not-me"]


def test_a_link_that_ran_out_sends_a_new_one_to_the_address_on_file(mailbox, reader, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    path = link_to(mailbox, "grace")

    with time_machine.travel(NOON + 61 * DAY, tick=False):
        page = reader.get(path)
        assert (page.status_code, "Send me a new link" in text(page), "Ben" in text(page)) == (404, True, False)
        reader.post(path, {"instead": "new-link"})
        fresh = link_to(mailbox, "grace", at=NOON + 61 * DAY)
    assert fresh != path


def test_a_no_in_an_open_match_is_on_its_coordinators_desk_at_once_and_ends_nothing(
    mailbox, reader, match, ben_in, grace, cora
):
    asked(ben_in, grace, by=cora)

    say_by_link(reader, link_to(mailbox, "grace"), join="no")

    [task] = Task.objects.all()
    assert (task.owner, task.kind, task.about) == (cora, "matches/gate-lost/permission", match)
    match.refresh_from_db()
    assert match.state == "active"


def test_texts_are_never_changed_only_followed(riverside, ben_in, grace, cora):
    asked(ben_in, grace, by=cora)
    newer = {"title": "Meeting", "words": "Twice a week.", "who_sees": "Staff", "by": cora, "at": NOON}
    same = {"purpose": "join", "voice": "child", "language": "en"}
    actions.write_text(riverside, **same, **newer, after=1)

    with pytest.raises(TextChangedMeanwhile):
        actions.write_text(riverside, **same, **newer, after=1)
    versions = ConsentText.objects.filter(**same).order_by("version")
    assert [(one.version, one.title) for one in versions] == [(1, "Taking part"), (2, "Meeting")]


def test_omar_meets_nothing_of_it_and_has_his_own(as_user, omar, hill_match, ben_in, grace, cora, dele):
    ask = asked(ben_in, grace, by=cora)
    hanna = hill_match.members.get(side="mentee").participant
    own = asked(hanna, hanna.person, by=omar)

    browser = as_user(omar)
    for place in ("riverside", "hillside"):
        for address in (f"gates/{ben_in.ref}/consents/", f"gates/{ask.ref}/sheet/", f"matches/consents/{ask.ref}/"):
            assert browser.get(f"/p/{place}/{address}").status_code == 404
            assert browser.post(f"/p/{place}/{address}").status_code == 404
    assert as_user(dele).get(f"/p/riverside/gates/{ask.ref}/sheet/").status_code == 404
    assert browser.get(f"/p/hillside/gates/{own.ref}/sheet/").status_code == 200


def test_a_stranger_at_work_is_not_told_of_a_child_they_stand_for(as_user, ben_in, grace, cora, riverside):
    ask = asked(ben_in, grace, by=cora)
    Guardianship.objects.create(adult=cora.person, child=ben_in.person, starts_on=TODAY)

    assert as_user(cora).get(f"/p/riverside/gates/{ask.ref}/sheet/").status_code == 404


def test_pages_ask_as_much_for_many_as_for_few(as_user, cora, ben_in, grace):
    browser, address = as_user(cora), f"/p/riverside/gates/{ben_in.ref}/consents/"
    asked(ben_in, grace, by=cora)
    few = count(browser, address)
    for _ in range(8):
        asked(ben_in, grace, by=cora)
    assert count(browser, address) == few


@pytest.mark.parametrize("kept_from_whom", ["ben", "grace"])
def test_a_call_to_the_other_guardian_is_nothing_for_whoever_is_kept_away_from_the_child(
    request, mailbox, reader, riverside, ben_in, grace, cora, dele, as_user, kept_from_whom
):
    """Ben's name stands in the sentence: it leaves the desk, the way back, and the list of who may take it."""
    asked(ben_in, grace, by=cora)
    reader.post(link_to(mailbox, "grace"), {"instead": "talk"})
    [task] = Task.objects.all()
    kai, subject = staff("Kai", riverside, "coordinator"), request.getfixturevalue(kept_from_whom)
    hand_over = reverse("care:hand-over", args=["riverside", task.ref])
    assert "Ben" in text(as_user(cora).get("/p/riverside/today/"))
    assert kai in as_user(cora).get(hand_over).context["colleagues"]

    for user in (kai, cora):
        keep_away(
            program=riverside, kept_away=user.person, subject=subject, reason="a court said so", document="",
            starts_on=TODAY, review_on=TODAY + 60 * DAY, by=dele, at=NOON,
        )  # fmt: skip
        if user == kai:
            assert kai not in as_user(cora).get(hand_over).context["colleagues"]

    assert "Ben" not in text(as_user(cora).get("/p/riverside/today/"))
    assert as_user(cora).get(hand_over).status_code == 404
