"""Before a round, grown-ups are shown a few people and say whom they would like. Never where children may be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.matching.actions import draft_round, wishing
from rapport.matching.gathering import gather, still_possible
from rapport.matching.models import Draft, Suggestion, WishAsk
from rapport.matching.wishes.wishing import wished
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Message
from rapport.people.models import Participant
from rapport.programs.models import Program
from tests.cast import DAY, participant, person
from tests.matching.test_proposals_by_link import PERSON, text

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(service, marta):
    """Three mentees and three mentors of the network, and a few suggestions to each mentee, an hour ago."""
    grades = {"mentee": "EO", "mentor": "HEO"}
    for number, name in enumerate(("Zoe", "Eli", "Nia", "Ama", "Kofi", "Femi")):
        side = "mentee" if number < 3 else "mentor"
        traits = {"grade": grades[side], "organisation": f"{side} {number}", "profession": "Law"}
        participant(person(name, service), service, side, traits=traits)
    wishing.suggest(service, side="mentee", by=marta, at=timezone.now() - HOUR)
    return service


def ask_of(name):
    return WishAsk.objects.select_related("program", "person", "participant").get(person__given_name=name)


def of(ask, name):
    return ask.suggestions.get(other__person__given_name=name)


def wish(name, *, first=None, out=None, by=None):
    ask = ask_of(name)
    choices = {of(ask, first).pk: 1} if first else {}
    ruled_out = {of(ask, out).pk} if out else set()
    wishing.hear_wishes(ask, choices=choices, ruled_out=ruled_out, way="link", by=by or ask.person, at=timezone.now())


def door(ask):
    at = timezone.now() - HOUR / 2
    more = {"program": ask.program, "at": at, "expires_at": at + 48 * HOUR}
    return f"/y/some/{issue_link(purpose='suggestions', person=ask.person, about=ask, **more)}/"


@pytest.mark.parametrize(
    ("zone", "hour", "is_grown"),
    [
        ("Pacific/Auckland", 10, False),
        ("Pacific/Auckland", 12, True),
        ("UTC", 23, False),
        ("America/Los_Angeles", 31, False),
        ("America/Los_Angeles", 32, True),
    ],
)
def test_who_is_18_that_day_where_the_program_is_is_shown_others(service, marta, zone, hour, is_grown):
    Program.objects.filter(pk=service.pk).update(time_zone=zone)
    service.refresh_from_db()
    for name, side, grade in (("Zoe", "mentee", "EO"), ("Ama", "mentor", "HEO")):
        born = date(2008, 11, 17) if name == "Zoe" else date(1990, 1, 1)
        traits = {"grade": grade, "organisation": name, "profession": "Law"}
        participant(person(name, service, born_on=born), service, side, traits=traits)
    at = datetime(2026, 11, 16, tzinfo=UTC) + hour * HOUR

    made = wishing.suggest(service, side="mentee", by=marta, at=at)

    assert [str(one.participant) for one in made] == (["Zoe"] if is_grown else [])


# Safety first


def test_where_children_may_be_nobody_is_shown_anybody(riverside, newcomer, cora, as_user, asked):
    newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")

    for side in ("mentor", "mentee"):
        with pytest.raises(wishing.NotWhereChildrenAre):
            wishing.suggest(riverside, side=side, by=cora, at=timezone.now())
    facts = {"program": riverside, "participant": Participant.objects.filter(program=riverside).first()}
    facts |= {"person": facts["participant"].person, "made_at": timezone.now(), "expires_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        WishAsk.objects.create(**facts, adults_only=riverside.adults_only)
    assert as_user(cora).get("/p/riverside/matching/proposals/suggestions/").status_code == 404
    assert not WishAsk.objects.filter(program=riverside).exists()


def test_once_a_program_takes_children_nothing_of_it_counts_or_opens(asked, marta, as_user):
    wish("Zoe", first="Kofi", out="Ama")
    path = door(ask_of("Zoe"))
    Program.objects.filter(pk=asked.pk).update(adults_only=False)
    asked.refresh_from_db()

    assert gather(asked, timezone.now()).problem()["wishes"] == []
    assert Client(**PERSON).get(path, {"start": "1"}).status_code == 404
    assert as_user(marta).get("/p/civil-service/matching/proposals/suggestions/").status_code == 404
    with pytest.raises(wishing.NoLongerAsked):
        wish("Eli", first="Kofi")


# What is asked, and what counts


def test_each_is_shown_a_few_once_and_reads_no_more_than_the_program_shows(asked, marta):
    again = wishing.suggest(asked, side="mentee", by=marta, at=timezone.now())
    mentors = wishing.suggest(asked, side="mentor", by=marta, at=timezone.now())

    assert again == []
    assert len(mentors) == 3
    assert Message.objects.filter(kind=wishing.LETTER).count() == 6
    page = text(Client(**PERSON).get(door(ask_of("Zoe")), {"start": "1"}))
    assert "Kofi" in page
    assert "Law" in page
    assert "HEO" not in page
    assert "organisation" not in page


def test_a_wish_of_one_side_counts_and_a_round_reads_it(asked, marta):
    wish("Zoe", first="Kofi", out="Ama")
    wish("Zoe", first="Femi", out="Ama")  # said anew: the last word counts
    everybody = gather(asked, timezone.now())
    keys = {one.person.given_name: str(one.pk) for one in [*everybody.mentees, *everybody.mentors]}
    points = sum(one.weight for one in everybody.criteria) * 30 // 100

    assert wished(asked, everybody.criteria, everybody.mentees, everybody.mentors) == [
        [keys["Zoe"], keys["Femi"], points]
    ]
    kept = draft_round(asked, by=marta, at=timezone.now())

    draft = kept.drafts.get(mentee__person__given_name="Zoe")
    assert draft.mentor.person.given_name == "Femi"
    assert draft.parts[-1] == {"code": "wish", "points": points, "known": True, "right": True}
    assert kept.certificate["checked"] is True


def test_a_mentors_wish_counts_less_and_each_next_choice_less_again(asked, marta):
    wishing.suggest(asked, side="mentor", by=marta, at=timezone.now())
    ask = ask_of("Ama")
    choices = {of(ask, "Zoe").pk: 1, of(ask, "Eli").pk: 2}
    wishing.hear_wishes(ask, choices=choices, ruled_out=set(), way="link", by=ask.person, at=timezone.now())
    everybody = gather(asked, timezone.now())
    total = sum(one.weight for one in everybody.criteria)

    told = sorted(points for _mentee, _mentor, points in everybody.problem()["wishes"])

    assert told == sorted([total * 30 // 100 * 67 // 100, total * 30 * 80 // 10_000 * 67 // 100])


def test_whom_somebody_ruled_out_is_never_theirs_not_even_at_the_last_moment(asked, marta):
    ask = ask_of("Zoe")
    kept = draft_round(asked, by=marta, at=timezone.now())
    Draft.objects.filter(round=kept).exclude(mentee=ask.participant).delete()
    name = kept.drafts.get().mentor.person.given_name
    assert len(still_possible(kept, asked, by=None, at=timezone.now())) == 1

    wish("Zoe", out=name)

    assert still_possible(kept, asked, by=None, at=timezone.now()) == []


def test_by_link_on_paper_and_what_cannot_be_kept(asked, marta, omar, as_user):
    ask, reader = ask_of("Zoe"), Client(**PERSON)
    path = door(ask)
    ama, kofi = (f"wish-{of(ask, name).pk}" for name in ("Ama", "Kofi"))
    wrong = [reader.post(path, said).status_code for said in (
        {ama: "1", kofi: "1"}, {ama: "9"}, {ama: ""}, {ama: "x\x00"}, {"wish-1000": "1"},
    )]  # fmt: skip
    assert wrong == [422] * 5
    assert Client(HTTP_USER_AGENT="curl/8").post(path, {ama: "1"}).status_code == 409
    assert Suggestion.objects.exclude(choice=None).count() == 0

    assert "Your wishes have arrived" in text(reader.post(path, {ama: "1", kofi: "out"}))
    assert (of(ask, "Ama").choice, of(ask, "Kofi").is_ruled_out) == (1, True)
    again = text(reader.get(path, {"start": "1"}))
    assert "selected" not in again.replace('value="" selected', "")

    browser, here = as_user(marta), reverse("proposals:write-wishes", args=["civil-service", ask.ref])
    day = f"{timezone.localdate():%Y-%m-%d}"
    assert browser.post(here, {kofi: "2", "said_on": "2999-01-01", "way": "phone"}).status_code == 422
    browser.post(here, {kofi: "2", "said_on": day, "way": "phone"})
    ask.refresh_from_db()
    assert (ask.way, ask.taken_by, of(ask, "Kofi").choice, of(ask, "Ama").choice) == ("phone", marta, 2, None)
    listed = text(browser.get("/p/civil-service/matching/proposals/suggestions/"))
    assert "taken by Marta" in listed
    assert "Kofi" not in listed
    assert ask.ref in text(browser.get(reverse("proposals:wishes-sheet", args=["civil-service", ask.ref])))
    for address in (here, "/p/civil-service/matching/proposals/suggestions/"):
        assert as_user(omar).get(address).status_code == 404


def test_a_link_whose_time_ran_out_sends_a_new_one_while_it_is_theirs(asked):
    ask, reader, at = ask_of("Zoe"), Client(**PERSON), timezone.now()
    more = {"program": asked, "at": at - DAY, "expires_at": at - DAY / 2}
    path = f"/y/some/{issue_link(purpose='suggestions', person=ask.person, about=ask, **more)}/"

    assert "A new link is on its way" in text(reader.post(path, {"instead": "new-link"}))
    assert Message.objects.filter(kind=wishing.NEW_LINK).count() == 1
    with pytest.raises(wishing.NoLongerAsked):
        wishing.send_new_link(ask, at=ask.expires_at + DAY)


def test_a_link_that_reached_somebody_else_counts_for_nothing(asked):
    wish("Zoe", first="Kofi")
    path, reader = door(ask_of("Zoe")), Client(**PERSON)

    reader.post(path, {"instead": "not-me"})

    assert reader.get(path).status_code == 404
    assert gather(asked, timezone.now()).problem()["wishes"] == []
