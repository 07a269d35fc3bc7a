"""Proposals on the pages of staff: who waits on whom, paper written down, and what Omar of Hillside must not meet."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rapport.matching.actions import answering, releasing
from rapport.matching.actions.answering import Answer
from rapport.matching.models import Party, Proposal
from rapport.matching.proposals import calls
from rapport.programs.models import Program
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.matching.test_proposals import ama, ben, grace, of, proposed, states  # noqa: F401 (fixtures)
from tests.matching.test_proposals_by_link import HOUR, out, text, up_to  # noqa: F401 (fixtures)

State, Way = Proposal.State, Proposal.Way
LIST = "/p/riverside/matching/proposals/"


def page_of(match):
    return reverse("proposals:one", args=["riverside", match.ref])


def test_cora_asks_about_all_or_one_and_reads_who_waits_on_whom(as_user, cora, newcomer, ama, ben, grace):  # noqa: F811
    first = proposed(ama, ben, cora)
    other = proposed(newcomer("Kofi", "mentor"), newcomer("Zoe", "mentee"), cora)
    third = proposed(ama, newcomer("Eli", "mentee"), cora)
    browser = as_user(cora)
    assert "Not asked yet (3)" in text(browser.get(LIST))
    assert "Nobody was asked: no pair was chosen" in text(browser.post(LIST, follow=True))

    browser.post(LIST, {"match": [first.ref]})
    said = browser.post(LIST, {"do": "all"}, follow=True)

    assert "Ama has no free place." in text(said)
    assert [states(one).get("mentor") for one in (first, other, third)] == ["asked", "asked", None]
    waiting = text(browser.get(LIST, {"show": "waiting"}))
    assert "Waits on <b>Ama</b> (mentor)" in waiting
    assert "Waits on <b>Kofi</b> (mentor)" in waiting
    for odd in ("x", "-1", "9" * 30, "\x00"):
        assert browser.get(LIST, {"after": odd, "show": odd}).status_code == 200


def test_the_list_asks_as_many_queries_for_one_as_for_many(as_user, cora, newcomer):
    pairs = [proposed(newcomer(f"M{n}", "mentor"), newcomer(f"C{n}", "mentee"), cora) for n in range(6)]
    browser = as_user(cora)

    def queries(matches):
        releasing.release(matches, by=cora, at=timezone.now())
        browser.get(LIST, {"show": "waiting"})
        with CaptureQueriesContext(connection) as made:
            browser.get(LIST, {"show": "waiting"})
        return len(made)

    assert queries(pairs[:1]) == queries(pairs[1:])


def test_a_no_and_why_are_read_by_staff_who_read_answers(as_user, cora, out):  # noqa: F811
    up_to(out, Party.MENTOR)
    row = of(out, Party.GUARDIAN)
    no = Answer(State.DECLINED, Way.LINK, reason="We know her.")
    answering.hear_answer(row, no, by=row.person, at=timezone.now())

    browser = as_user(cora)

    assert "yours to act on" in text(browser.get(LIST))
    assert "We know her." not in text(browser.get(LIST))
    assert "We know her." in text(browser.get(page_of(out)))
    too_long = browser.post(page_of(out), {"do": "let-go", "words": "x" * 301})
    assert (too_long.status_code, "This is too long" in text(too_long)) == (422, True)
    assert "nothing is asked here any more" not in text(browser.get(page_of(out)))
    browser.post(page_of(out), {"do": "let-go", "words": "Another try."})
    assert "nothing is asked here any more" in text(browser.get(page_of(out)))
    assert browser.post(page_of(out), {"do": "let-go"}).status_code == 409
    assert browser.post(page_of(out), {"do": "again"}).status_code == 409
    assert browser.post(page_of(out), {"do": "odd"}).status_code == 302


def test_cora_chooses_who_is_asked_next_beside_the_points(as_user, cora, omar, out, newcomer):  # noqa: F811
    kofi, full = newcomer("Kofi", "mentor", interests=["Football"]), newcomer("Femi", "mentor")
    row, browser = of(out, Party.MENTOR), as_user(cora)
    answering.hear_answer(row, Answer(State.DECLINED, Way.LINK), by=row.person, at=timezone.now())
    type(full).objects.filter(pk=full.pk).update(capacity=0)
    here = reverse("proposals:next", args=["riverside", out.ref])

    page = text(browser.get(here))

    assert "Kofi" in page
    assert "Femi" not in page
    assert "Ama</a>" not in page
    assert browser.post(here, {"mentor": "x" * 12}).status_code == 404
    assert browser.post(here, {"mentor": full.ref}).status_code == 409
    assert as_user(omar).get(here).status_code == 404
    browser = as_user(cora)
    said = browser.post(here, {"mentor": kofi.ref}, follow=True)
    assert "Kofi and Ben" in text(said)
    assert browser.get(here).status_code == 302


def test_a_mentor_who_says_no_to_child_after_child_is_talked_with_first(as_user, cora, out, newcomer, ama):  # noqa: F811
    said_no = "Ama has said no to 2 young people after reading about them."
    browser, zoe = as_user(cora), newcomer("Zoe", "mentee")
    says_no(out)
    assert "has said no to" not in text(browser.get(page_of(out)))
    releasing.let_go(out, by=cora, at=timezone.now())

    second = releasing.release([proposed(ama, zoe, cora)], by=cora, at=timezone.now()).asked[0]
    assert "has said no to" not in text(browser.get(page_of(second)))
    says_no(second)
    assert said_no in text(browser.get(page_of(second)))
    releasing.let_go(second, by=cora, at=timezone.now())

    third = releasing.release(
        [proposed(newcomer("Kofi", "mentor"), newcomer("Eli", "mentee"), cora)], by=cora, at=timezone.now()
    ).asked[0]
    here = reverse("proposals:next", args=["riverside", third.ref])
    assert said_no in text(browser.get(here))
    Program.objects.filter(pk=out.program_id).update(adults_only=True)
    assert "has said no to" not in text(browser.get(here))


def says_no(match):
    row = of(match, Party.MENTOR)
    answering.hear_answer(row, Answer(State.DECLINED, Way.LINK), by=row.person, at=timezone.now())


def test_what_stands_on_paper_or_was_said_counts_with_who_took_it(as_user, cora, out):  # noqa: F811
    row, browser = of(out, Party.MENTOR), as_user(cora)
    here = reverse("proposals:write-down", args=["riverside", row.ref])
    sheet = text(browser.get(reverse("proposals:sheet", args=["riverside", row.ref]) + "?in=es"))
    assert row.ref in sheet
    assert "Ben" not in sheet
    day = f"{timezone.localdate():%Y-%m-%d}"
    wrong = [browser.post(here, said).status_code for said in (
        {"say": ""}, {"say": "yes", "said_on": day}, {"say": "yes", "said_on": "2999-01-01", "way": "phone"},
        {"say": "yes", "said_on": day, "way": "interpreter"}, {"say": "yes", "said_on": day, "way": "link"},
        {"say": "yes", "said_on": day, "way": "interpreter", "witness": "Ben"},
    )]  # fmt: skip
    assert wrong == [422] * 6

    browser.post(here, {"say": "more", "said_on": day, "way": "phone", "reason": "Is it far?"})
    assert list(Task.objects.open().values_list("kind", flat=True)) == [calls.MORE]
    browser.post(here, {"say": "yes", "said_on": day, "way": "interpreter", "witness": "Mrs Lopez"})

    row.refresh_from_db()
    assert (row.way, row.witness, row.taken_by) == ("interpreter", "Mrs Lopez", cora)
    assert "taken by Cora" in text(browser.get(page_of(out)))
    later = reverse("proposals:sheet", args=["riverside", of(out, Party.MENTEE).ref])
    assert browser.get(later).status_code == 409


def test_omar_of_hillside_meets_none_of_it(as_user, omar, out):  # noqa: F811
    row, browser = of(out, Party.MENTOR), as_user(omar)
    doors = [
        LIST,
        page_of(out),
        *(reverse(f"proposals:{name}", args=["riverside", row.ref]) for name in ("sheet", "write-down")),
    ]

    assert [browser.get(door).status_code for door in doors] == [404] * 4
    assert browser.post(page_of(out), {"do": "let-go"}).status_code == 404
    theirs = browser.get("/p/hillside/matching/proposals/")
    assert (theirs.status_code, "Ama" in text(theirs)) == (200, False)


def test_who_is_kept_away_from_a_guardian_reads_nothing_of_what_they_say(as_user, cora, dele, riverside, out):  # noqa: F811
    up_to(out, Party.MENTOR)
    row, browser = of(out, Party.GUARDIAN), as_user(cora)
    answering.hear_answer(
        row, Answer(State.DECLINED, Way.LINK, reason="We know her."), by=row.person, at=timezone.now()
    )
    places = [
        page_of(out),
        out.get_absolute_url(),
        LIST,
        *(f"{LIST}answers/{row.ref}/{rest}" for rest in ("", "sheet/")),
    ]
    name = row.person.full_name
    assert name in text(browser.get(places[0]))

    restrict(cora.person, row.person, program=riverside, by=dele, starts_on=timezone.localdate())

    met = [browser.get(place) for place in places]
    assert [one.status_code for one in met] == [200, 200, 200, 404, 404]
    assert name not in text(met[0]) + text(met[2])
    assert [said for said in ("We know her", "said no on", f"<b>{name}") if said in "".join(map(text, met))] == []


def test_what_somebody_says_to_a_proposal_comes_to_the_desk_and_leads_to_its_page(as_user, cora, out):  # noqa: F811
    up_to(out, Party.MENTOR)
    row = of(out, Party.GUARDIAN)
    browser, desk = as_user(cora), reverse("care:today", args=["riverside"])
    more = Answer(State.MORE, Way.LINK, reason="Where do they meet?")
    answering.hear_answer(row, more, by=row.person, at=timezone.now())

    shown = browser.get(desk)
    assert "would like to know more before saying yes to Ama and Ben: talk with them." in text(shown)
    assert page_of(out) in shown.content.decode()
    assert "Write down what" in text(browser.get(page_of(out)))

    releasing.let_go(out, words="", by=cora, at=timezone.now())
    assert "would like to know more" not in text(browser.get(desk))
