"""The agreement on the pages of staff, and on the page behind a letter. Omar of Hillside meets none of them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.matches import agreement_calls
from rapport.matches.actions import agreeing, signing
from rapport.matches.models import Agreement, ClauseRule, ClauseText, Match, Proposal, SignAsk, Signature
from rapport.outbox.actions import issue_link
from rapport.programs.models import Program
from rapport.tasks.models import Task

PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0"}


def text(page):
    return page.content.decode()


def page_of(match, name="agreement"):
    return reverse(f"matches:{name}", args=["riverside", match.ref])


@pytest.fixture
def out(begun, cora):
    """An agreement that went out an hour ago."""
    match = type(begun).objects.select_related("program", "coordinator").with_people().get(pk=begun.pk)
    at = timezone.now() - timedelta(hours=1)
    new = agreeing.draft(match, by=cora, at=at)
    agreeing.write_terms(new, terms={"rules": "We laugh about mistakes."}, by=cora, at=at)
    agreeing.send_out(new, by=cora, at=at)
    return new


def ask_of(agreement, person):
    return signing.with_match(SignAsk.objects.filter(agreement=agreement, person=person))[0]


def door_of(ask, *, hours=1):
    at = timezone.now() - timedelta(minutes=30)
    more = {"program": ask.program, "at": at, "expires_at": at + timedelta(hours=hours)}
    return f"/r/{issue_link(purpose='agreement', person=ask.person, about=ask, **more)}/"


def typed(page, **said):
    form = page.context["form"]
    return {"read": form["read"].value(), "form_id": form["form_id"].value(), **said}


def test_a_draft_is_written_shown_sent_and_signed_for_the_program(as_user, cora, begun):
    browser, here = as_user(cora), page_of(begun)
    browser.post(here, {"do": "draft"})
    wrong = browser.post(here, {"do": "write", "every": "0", "starts_on": "2026-12-01", "ends_on": "2026-11-01"})
    assert wrong.status_code == 422
    browser.post(here, {"do": "write", "every": "2", "unit": "weeks", "minutes": "90", "notice_hours": "24"})
    browser.post(here, {"do": "show"})
    browser.post(here, {"do": "send"})
    again = browser.post(here, {"do": "send"})
    browser.post(here, {"do": "sign"})
    browser.post(here, {"do": "sign"})

    page = browser.get(here)

    assert again.status_code == 302
    assert Agreement.objects.values_list("state", "every", "minutes").get() == ("out", 2, 90)
    assert Signature.objects.values_list("party", flat=True).get() == "coordinator"
    assert "once every 2 weeks" in text(page)
    assert page.status_code == 200
    waits = browser.get(reverse("matches:unsigned", args=["riverside"]))
    assert "Ama and Ben" in text(waits)


@pytest.mark.parametrize(("press", "state"), [("show", "draft"), ("send", "out")])
def test_what_stands_in_the_fields_goes_out_and_no_older_word(as_user, cora, begun, press, state):
    browser, here = as_user(cora), page_of(begun)
    browser.post(here, {"do": "draft"})
    browser.post(here, {"do": "write", "rules": "Nobody laughs."})

    refused = browser.post(here, {"do": press, "rules": "We laugh.", "every": "0"})
    assert (refused.status_code, Agreement.objects.get().rules) == (422, "Nobody laughs.")
    assert not SignAsk.objects.exists()

    browser.post(here, {"do": press, "rules": "We laugh.", "minutes": "45"})

    assert Agreement.objects.values_list("state", "rules", "minutes").get() == (state, "We laugh.", 45)
    assert SignAsk.objects.exists()


def test_an_agreement_begins_no_earlier_than_its_pair(as_user, cora, begun):
    browser, here = as_user(cora), page_of(begun)
    browser.post(here, {"do": "draft"})

    early = browser.post(here, {"do": "write", "starts_on": "1 1 1900"})

    assert early.status_code == 422
    assert "It cannot be before" in text(early)
    assert Agreement.objects.get().starts_on == begun.begun_on


def test_grace_reads_the_whole_text_by_her_link_and_signs(out, grace, cora, ben):
    signing.sign_for_program(out, language="en", by=cora, at=timezone.now())
    door, reader = door_of(ask_of(out, grace)), Client(**PERSON)
    assert "laugh" not in text(reader.get(door))
    page = reader.get(door + "?start=1")

    thanks = reader.post(door, typed(page, say="yes"))

    assert "We laugh about mistakes." in text(page)
    assert "Cora" not in text(page)
    assert thanks.status_code == 200
    signature = Signature.objects.get(person=grace)
    assert (signature.way, signature.is_yes, signature.text_hash) == (
        "link",
        True,
        page.context["form"]["read"].value(),
    )
    assert "checked" not in text(reader.get(door + "?start=1")).split("<form", 1)[1].split("</form", 1)[0]


def test_the_answer_to_what_somebody_would_like_stands_on_a_grown_ups_page_and_on_no_childs(out, ama, ben, cora):
    for person in (ama, ben):
        ask = ask_of(out, person)
        row = signing.propose(ask, section="rules", words="A dog", form_id=person.ref, by=person, at=timezone.now())
        signing.decide(row, fate="not-taken", reply="Not in the library.", by=cora, at=timezone.now())

    pages = [text(Client(**PERSON).get(door_of(ask_of(out, who)) + "?start=1")) for who in (ama, ben)]

    assert ["Not in the library." in page for page in pages] == [True, False]


def test_ben_signs_nothing_alone_and_may_wish_for_other_words(out, ben):
    door, reader = door_of(ask_of(out, ben)), Client(**PERSON)
    page = reader.get(door + "?start=1")
    alone = reader.post(door, typed(page, say="yes"))
    wish = page.context["wish"]["form_id"].value()
    said = {"instead": "words", "section": "rules", "wish": "I want to bring my dog", "form_id": wish}
    reader.post(door, said)
    reader.post(door, said)

    assert alone.status_code == 422
    assert Signature.objects.count() == 0
    assert Proposal.objects.values_list("words", "person").get() == ("I want to bring my dog", ben.pk)
    assert "dog" not in text(reader.get(door + "?start=1"))
    reader.post(door, typed(page, say="yes", read_with="Aunt Efua"))
    assert Signature.objects.get().read_with == "Aunt Efua"


def test_a_no_a_stale_tab_a_machine_and_a_door_that_is_not_theirs(out, grace, ama, ben, cora):
    door, reader = door_of(ask_of(out, grace)), Client(**PERSON)
    page = reader.get(door + "?start=1")
    machine = Client(HTTP_USER_AGENT="curl/8").post(door, typed(page, say="yes"))
    stale = reader.post(door, typed(page, say="yes") | {"read": "other"})
    no = reader.post(door, typed(page, say="no", words="Not at home."))
    agreeing.send_out(agreeing.draft(out.match, by=cora, at=timezone.now()), by=cora, at=timezone.now())
    late = reader.post(door, typed(page, say="yes"))
    wrong = signing.with_match(SignAsk.objects.filter(agreement=out, person=ama))[0]
    not_hers = issue_link(
        purpose="agreement", person=ben, about=wrong, program=out.program, at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip

    assert [one.status_code for one in (machine, stale, no, late)] == [409, 409, 200, 409]
    assert list(Signature.objects.values_list("is_yes", "words")) == [(False, "Not at home.")]
    assert Task.objects.filter(kind=agreement_calls.SAID_NO).count() == 1
    assert reader.get(f"/r/{not_hers}/").status_code == 404
    assert reader.get("/r/" + "x" * 22 + "/").status_code == 404
    assert reader.get(door_of(ask_of(out, grace), hours=0) + "?start=1").status_code in (200, 404)


def test_a_guardian_who_is_kept_away_meets_what_a_stranger_meets(out, grace, ben):
    door = door_of(ask_of(out, grace))
    grace.children.update(consents=False)

    page = Client(**PERSON).get(door + "?start=1")

    assert (page.status_code, "Ben" in text(page)) == (404, False)


def test_what_stands_on_paper_counts_the_same(as_user, cora, out, ben):
    ask, browser = ask_of(out, ben), as_user(cora)
    here = reverse("matches:record-signature", args=["riverside", ask.ref])
    sheet = browser.get(reverse("matches:sign-sheet", args=["riverside", ask.ref]) + "?in=es")
    day = f"{timezone.now():%Y-%m-%d}"
    wrong = browser.post(here, {"say": "yes", "said_on": day, "way": "voice"})
    browser.post(here, {"say": "yes", "said_on": day, "way": "paper", "kept_at": "folder", "read_with": "Efua"})

    assert "Por qué" in text(sheet) or "Para qué" in text(sheet)
    assert wrong.status_code == 422
    assert Signature.objects.values_list("way", "kept_at", "read_with").get() == ("paper", "folder", "Efua")


def test_words_of_a_section_are_written_anew_and_what_was_sent_stays(as_user, cora, dele, out, begun):
    browser = as_user(cora)
    here = reverse("matches:clauses", args=["riverside"]) + "?code=norms&language=en"
    page = browser.get(here)
    if page.status_code == 404:
        pytest.skip("Cora does not change the program")
    after = page.context["form"]["after"].value()
    browser.post(here, {"title": "Respect", "words": "We are kind.", "after": after})
    stale = browser.post(here, {"title": "Other", "words": "Other.", "after": after})

    assert stale.status_code == 409
    assert ClauseText.objects.filter(code="norms", is_own=True).count() == 1
    assert "We are kind." not in text(browser.get(page_of(begun)))


def test_a_section_that_is_asked_for_and_says_nothing_holds_up_the_sending(as_user, cora, begun, riverside):
    agreeing.draft(begun, by=cora, at=timezone.now())
    browser, here = as_user(cora), page_of(begun)
    listed = {"program": riverside, "source": "ours", "mark": "D"}
    ClauseRule.objects.create(code="house", label="Our house", **listed)
    ClauseRule.objects.create(code="later", label="Later on", is_required=False, **listed)

    refused = browser.post(here, {"do": "send"})
    assert (refused.status_code, "Our house." in text(refused), "Later on" in text(refused)) == (409, True, False)
    assert not SignAsk.objects.exists()

    agreeing.write_clause(
        riverside, code="house", language="es", title="Casa", words="Con calma.", after=0, by=cora, at=timezone.now()
    )
    assert browser.post(here, {"do": "send"}).status_code == 302
    assert Agreement.objects.get(match=begun).state == "out"


def test_what_waits_says_by_when_all_were_to_sign_and_which_pairs_have_none_at_all(as_user, cora, out, hill_match):
    browser, match = as_user(cora), out.match
    queue = reverse("matches:unsigned", args=["riverside"])

    def told(days, **more):
        Match.objects.filter(pk=match.pk).update(begun_on=timezone.localdate() - timedelta(days=days), **more)
        page = text(browser.get(queue))
        return ["to be signed by" in page and "was to" not in page, "was to be signed" in page, "sent out yet" in page]

    Program.objects.update(using_since_on=date(2025, 1, 1))
    assert told(5) == [True, False, False]
    assert told(31) == [False, True, False]
    out.match.agreements.update(state="draft", sent_at=None)
    assert [told(29), told(31), told(31, counts_from_on=timezone.localdate())] == [
        [False, False, False], [False, True, True], [False, False, False],
    ]  # fmt: skip
    for odd in ("x", "-1", "9" * 30, "\u0664"):
        assert browser.get(queue, {"after": odd, "pairs": odd}).status_code == 200


def test_omar_of_hillside_meets_none_of_it(as_user, omar, hill_match, out, begun, ben):
    browser, ask = as_user(omar), ask_of(out, ben)
    doors = [page_of(begun), reverse("matches:unsigned", args=["riverside"])]
    doors += [reverse(f"matches:{name}", args=["riverside", ask.ref]) for name in ("sign-sheet", "record-signature")]

    assert [browser.get(door).status_code for door in doors] == [404] * 4
    theirs = browser.get(reverse("matches:unsigned", args=["hillside"]))
    assert (theirs.status_code, "Ben" in text(theirs)) == (200, False)
