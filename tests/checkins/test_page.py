"""The page without signing in: looking changes nothing, pressing counts once, and nothing said is shown back."""

from datetime import timedelta

import pytest
import time_machine

from rapport.audit.models import Event
from rapport.checkins.cards import page_of
from rapport.checkins.models import Answer, Ask, CheckIn
from rapport.matches.models import Match
from rapport.onboarding.models import Gate
from rapport.outbox.models import Link, Message
from rapport.people.models import Restriction
from rapport.programs.models import Site
from rapport.safeguarding.models import Concern, TriageItem
from rapport.tasks.models import Task
from tests.checkins.conftest import CHROME, MORNING, ask_of, link_of, live
from tests.portal.conftest import meeting

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=7, minutes=10)


@pytest.fixture
def asked(young, duty, mailbox):
    """The seventh day: Ben and Grace hold their links."""
    live(1, since=MORNING + timedelta(days=7))
    with time_machine.travel(LATER, tick=False):
        yield mailbox


def press(client, path, **said):
    return client.post(path, {"form_id": "press-1", **said}, headers={"user-agent": CHROME})


def card(person):
    return f"c{CheckIn.objects.get(person=person, instance=7).pk}"


def everything():
    models = (Answer, Ask, CheckIn, Concern, TriageItem, Task, Link, Message, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_first_look_shows_a_first_name_and_a_button(asked, client, ben):
    page = client.get(link_of(asked, "ben"))

    text = page.content.decode()
    assert (page.status_code, page["Cache-Control"], page["X-Robots-Tag"]) == (200, "no-store", "noindex, nofollow")
    assert "Hello Ben" in text
    assert not [word for word in ("Ama", "Grace", "Adler", "Mensah", "worr") if word in text]


def test_a_child_answers_with_two_taps(asked, client, ben):
    path = link_of(asked, "ben")
    assert "How do you feel about the time with Ama?" in client.get(path + "?start=1").content.decode()

    page = press(client, path, **{f"{card(ben)}-feel": "4", f"{card(ben)}-worry": "no"})

    assert "Thank you, Ben" in page.content.decode()
    assert list(Answer.objects.values_list("feeling", "worry", "level", "is_suspect")) == [(4, "no", 2, False)]
    assert CheckIn.objects.get(person=ben, instance=7).state == "answered"
    assert ask_of(ben).state == "answered"


def test_nothing_said_is_shown_again(asked, client, ben):
    path = link_of(asked, "ben")
    press(client, path, **{f"{card(ben)}-feel": "1", f"{card(ben)}-worry": "maybe", f"{card(ben)}-words": "the shed"})

    again = client.get(path + "?start=1").content.decode()

    assert "you can add something or say it anew" in again.lower()
    assert "shed" not in again
    assert "checked" not in again


def test_a_second_press_is_the_same_answer_and_a_new_one_takes_its_place(asked, client, grace):
    path, name = link_of(asked, "grace"), card(grace)
    for _ in range(3):
        press(client, path, **{f"{name}-feel": "5"})
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        client.post(path, {"form_id": "press-2", f"{name}-feel": "2"}, headers={"user-agent": CHROME})

    assert [(one.feeling, one.replaced_at is None) for one in Answer.objects.order_by("pk")] == [(5, False), (2, True)]


def test_who_wrote_words_and_chose_nothing_is_told_who_reads_them(asked, client, ben):
    page = press(client, link_of(asked, "ben"), **{f"{card(ben)}-words": "He asks odd things."})

    assert "<b>Dele</b> reads this the same working day, by 17:00." in page.content.decode()
    assert TriageItem.objects.get().words == "He asks odd things."


def test_not_sure_reaches_the_lead_the_same_day(asked, client, ben):
    press(client, link_of(asked, "ben"), **{f"{card(ben)}-worry": "maybe", f"{card(ben)}-words": "He asks odd things."})

    [item] = TriageItem.objects.all()
    assert (item.person, item.words, item.late_at.hour) == (ben, "He asks odd things.", 17)
    assert Answer.objects.get().level == 2


def test_yes_raises_a_concern_even_where_a_machine_may_have_pressed(asked, client, ben):
    path, name = link_of(asked, "ben"), card(ben)
    said = {"form_id": "x", f"{name}-worry": "yes", f"{name}-words": "I am afraid."}

    client.post(path, said, headers={"user-agent": "SafeLinks scanner"})

    assert list(Concern.objects.values_list("words", "subject", "raised_by")) == [("I am afraid.", ben.pk, ben.pk)]
    assert Answer.objects.get().is_suspect
    assert (CheckIn.objects.get(person=ben, instance=7).state, ask_of(ben).state) == ("open", "sent")


def test_words_taken_back_by_a_no_are_not_kept(asked, client, ben):
    press(client, link_of(asked, "ben"), **{f"{card(ben)}-worry": "no", f"{card(ben)}-words": "something"})

    assert Answer.objects.get().words == ""
    assert not Concern.objects.exists()


def test_an_answer_within_seconds_of_the_letter_is_not_believed(young, duty, mailbox, client, ben):
    live(1, since=MORNING + timedelta(days=7))
    with time_machine.travel(MORNING + timedelta(days=7, seconds=3), tick=False):
        press(client, link_of(mailbox, "ben"), **{f"{card(ben)}-feel": "5"})

    assert Answer.objects.get().is_suspect
    assert ask_of(ben).state == "sent"


def test_two_different_answers_within_seconds_are_both_not_believed(asked, client, ben):
    path, name = link_of(asked, "ben"), card(ben)
    press(client, path, **{f"{name}-feel": "5"})
    client.post(path, {"form_id": "press-2", f"{name}-feel": "1"}, headers={"user-agent": CHROME})

    assert list(Answer.objects.values_list("is_suspect", flat=True)) == [True, True]
    assert (CheckIn.objects.get(person=ben, instance=7).state, ask_of(ben).state) == ("open", "sent")


SCANNERS = {  # by the name they go by in docs/proofs.md
    "asks for the head only": ("HEAD", {}),
    "looks": ("GET", {}),
    "fetches ahead (Sec-Purpose)": ("GET", {"sec-purpose": "prefetch"}),
    "fetches ahead (Purpose)": ("GET", {"purpose": "prefetch"}),
    "fetches ahead (X-Moz)": ("GET", {"x-moz": "prefetch"}),
    "shows a preview (X-Purpose)": ("GET", {"x-purpose": "preview"}),
    "Slack's preview": ("GET", {"user-agent": "Slackbot-LinkExpanding 1.0"}),
    "WhatsApp's preview": ("GET", {"user-agent": "WhatsApp/2.23"}),
    "Facebook's preview": ("GET", {"user-agent": "facebookexternalhit/1.1"}),
    "Telegram's preview": ("GET", {"user-agent": "TelegramBot"}),
    "Barracuda": ("GET", {"user-agent": "Barracuda Sentinel"}),
    "Mimecast": ("GET", {"user-agent": "Mimecast"}),
    "Proofpoint": ("GET", {"user-agent": "Proofpoint"}),
    "Safe Links": ("GET", {"user-agent": "Microsoft Office/16 SafeLinks"}),
    "a search machine": ("GET", {"user-agent": "Googlebot/2.1"}),
    "says no name": ("GET", {"user-agent": ""}),
    "comes from a mail page": ("GET", {"referer": "https://mail.example.org/"}),
    "comes from nowhere": ("GET", {"origin": "null"}),
    "asks what may be asked": ("OPTIONS", {}),
    "wants a picture": ("GET", {"accept": "image/png"}),
    "wants a part": ("GET", {"range": "bytes=0-99"}),
    "tries to put": ("PUT", {}),
    "tries to delete": ("DELETE", {}),
}


def test_machines_that_only_look_change_nothing_and_the_child_can_still_answer(asked, client, ben):
    path, before = link_of(asked, "ben"), everything()
    for method, headers in SCANNERS.values():
        client.generic(method, path, headers=headers)
        client.generic(method, path + "?start=1", headers=headers)
    client.generic("GET", path, f"form_id=machine&{card(ben)}-feel=1")
    for _ in range(50):
        client.get(path + "?start=1")

    assert everything() == before
    press(client, path, **{f"{card(ben)}-feel": "3"})
    assert ask_of(ben).state == "answered"


def test_without_cookies_and_from_nowhere_it_works(asked, ben):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    said, headers = {"form_id": "x", f"{card(ben)}-feel": "3"}, {"user-agent": CHROME, "origin": "null"}

    page = strict.post(link_of(asked, "ben"), said, headers=headers)

    assert (page.status_code, page.cookies.output()) == (200, "")


def test_every_token_that_opens_nothing_gets_the_same_page(asked, client, ben):
    path = link_of(asked, "ben")
    token = path.split("/")[2]
    wrong = [token.swapcase(), token * 2, token[:-1], "=3D" + token, "x", "a" * 300, "ä", "NaN"]

    pages = [client.get(f"/a/{one}/") for one in wrong]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


@pytest.mark.parametrize("after", [".", ")", ">", "/.", "/)", "].", ""])
def test_what_a_mail_program_leaves_behind_the_link_does_no_harm(asked, client, after):
    assert client.get(link_of(asked, "ben").rstrip("/") + after).status_code == 200


def test_a_link_that_ran_out_sends_a_new_one_to_the_address_on_file(asked, client, ben):
    path = link_of(asked, "ben")
    Link.objects.filter(person=ben).update(expires_at=LATER - timedelta(hours=1))
    assert "Send me a new link" in client.get(path).content.decode()

    for _ in range(3):
        client.post(path, {"instead": "new-link"})

    assert list(Message.objects.filter(kind="checkins/new-link").values_list("to", flat=True)) == [ben.pk]


def test_presses_are_slowed_after_thirty_however_many_cards_each_answers(asked, client, grace, match):
    ask, path = ask_of(grace), link_of(asked, "grace")
    common = {"program": ask.program, "answered_at": LATER, "replaced_at": LATER}
    rows = [
        CheckIn.objects.create(program=ask.program, match=match, person=grace, party="guardian", instance=n, ask=ask)
        for n in range(100, 103)
    ]

    def pressed(times):
        Answer.objects.bulk_create(
            [Answer(check_in=row, form_id=f"press {n}", **common) for n in times for row in rows]
        )
        return press(client, path, **{f"{card(grace)}-feel": "9"}).status_code

    assert (pressed(range(29)), pressed([29])) == (422, 429)


def test_guesses_from_one_address_are_slowed_and_real_links_go_on(asked, client):
    pages = [client.get(f"/a/{n:022d}/").status_code for n in range(32)]

    assert (pages[0], pages[-1]) == (404, 429)
    assert client.get(link_of(asked, "ben")).status_code == 200


def test_who_would_rather_talk_is_called(asked, client, grace, cora):
    for _ in range(2):
        client.post(link_of(asked, "grace"), {"instead": "talk"})

    [task] = Task.objects.filter(kind="checkins/call-me")
    assert (task.owner, task.person, task.ends_with_match) == (cora, grace, False)
    assert ask_of(grace).state == "handed-over"


def test_a_wrong_reader_shuts_the_links(asked, client, grace):
    path = link_of(asked, "grace")

    client.post(path, {"instead": "not-me"})

    assert client.get(path).status_code == 404
    assert Task.objects.filter(kind="checkins/not-me", person=grace).count() == 1


def test_not_this_month_is_an_answer(asked, client, grace):
    client.post(link_of(asked, "grace"), {"instead": "not-this-month"})

    assert (ask_of(grace).state, CheckIn.objects.get(person=grace, instance=7).excuse) == (
        "answered",
        "they would rather not be asked",
    )


def test_after_the_end_the_link_says_so_and_offers_a_talk(asked, client, young, ben):
    Match.objects.filter(pk=young.pk).update(state="closed", ended_on=LATER.date())

    page = client.get(link_of(asked, "ben") + "?start=1").content.decode()

    assert "has come to its end" in page
    assert "call me" in page


BAD = ["\x00", "a" * 50_000, "\ud800", "\u202e", "9" * 40, "-1", "NaN", "1e309", "6", "' OR 1=1--", "<script>"]


@pytest.mark.parametrize("field", ["feel", "worry", "words", "form_id"])
def test_what_no_person_means_is_refused_or_harmless(asked, client, ben, field):
    name, path = card(ben), link_of(asked, "ben")
    for bad in BAD:
        said = {"form_id": "x", f"{name}-feel": "2", (field if field == "form_id" else f"{name}-{field}"): bad}
        told = "&".join(f"{key}={value}" for key, value in said.items()).encode("utf-8", "surrogatepass")
        before = Answer.objects.count()

        page = client.generic("POST", path, told, content_type="application/x-www-form-urlencoded")

        assert page.status_code in (200, 400, 422)
        assert page.status_code == 200 or Answer.objects.count() == before


def test_after_a_permission_was_taken_back_only_the_child_may_still_answer_what_was_asked(
    young, ama, ben, grace, ben_in, riverside
):
    asks = {}
    for who, party in ((ama, "mentor"), (ben, "mentee"), (grace, "guardian")):
        asks[party] = Ask.objects.create(program=riverside, person=who, state="sent", made_at=MORNING, sent_at=MORNING)
        CheckIn.objects.create(
            program=riverside, match=young, person=who, party=party, instance=1, ask=asks[party], due_at=MORNING
        )
    before = {party: len(page_of(ask, LATER).cards) for party, ask in asks.items()}

    Gate.objects.filter(participant=ben_in, code="permission").update(is_met=False)

    assert before == {"mentor": 1, "mentee": 1, "guardian": 1}
    assert {party: len(page_of(ask, LATER).cards) for party, ask in asks.items()} == before | {
        "mentor": 0, "guardian": 0
    }  # fmt: skip


def test_a_mentor_kept_away_is_asked_about_no_meeting(young, ama, ben, riverside, cora):
    meeting(young, MORNING + timedelta(days=1))
    ask = Ask.objects.create(program=riverside, person=ama, state="sent", made_at=LATER, sent_at=LATER)
    assert [one.match for one in page_of(ask, LATER).meetings] == [young]

    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=ben, reason="x", starts_on=LATER.date(),
        review_on=LATER.date() + timedelta(days=90), recorded_by=cora, recorded_at=LATER,
    )  # fmt: skip

    assert page_of(ask, LATER).meetings == []


def test_a_page_of_meetings_alone_names_the_numbers_of_their_site(young, ama, riverside, lincoln):
    Site.objects.filter(pk=lincoln.pk).update(emergency_numbers="999; office 0111")
    Site.objects.create(program=riverside, name="Harbor", emergency_numbers="999; office 0122")
    Match.objects.filter(pk=young.pk).update(site=lincoln)
    meeting(young, MORNING + timedelta(days=1))
    ask = Ask.objects.create(program=riverside, person=ama, state="sent", made_at=LATER, sent_at=LATER)

    page = page_of(ask, LATER)

    assert (len(page.cards), len(page.meetings), page.emergency) == (0, 1, "999; office 0111")
