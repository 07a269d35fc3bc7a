"""A mentor who is kept away from a child is named to the child and the family on no page, by no route."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rapport.checkins.models import Ask, CheckIn
from rapport.matches.models import Match
from rapport.meetings.actions import outings
from rapport.meetings.actions.feeds import make_feed, open_own_meetings
from rapport.outbox.actions import issue_link
from rapport.portal import actions
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY
from tests.matches.test_agreement import asks_of, out_for

PHONE = {"User-Agent": "a phone"}
MINE = {"own page": "/mine/", "all meetings": "/p/riverside/meetings/mine/", "telling": "/p/riverside/meetings/told/"}
NAMED = {  # where the mentor's name stands while nobody is kept away
    "Ben": {"own page", "telling", "our meetings", "agreement", "question"},
    "Grace": {"own page", "our meetings", "agreement", "question", "outing"},
    "on paper": {"own page", "our meetings", "agreement", "question", "outing"},
    "signed in": {"own page", "telling"},
}


@pytest.fixture
def asked(story, ama, ben, grace, cora):
    """Everything that can lie with Ben and Grace: an agreement to sign, an outing, a question, a calendar."""
    zoo = outings.ask_for_outing(
        story, person=ama, form_id="zoo", by=ama, at=MONDAY, what="Penguins", place="Zoo", transport="walk", company="",
        starts_at=MONDAY + timedelta(days=4, hours=5), ends_at=MONDAY + timedelta(days=4, hours=7),
    )  # fmt: skip
    whole = Match.objects.select_related("program", "coordinator", "site").with_people().get(pk=story.pk)
    asks = {}
    for somebody, party in ((ben, "mentee"), (grace, "guardian")):
        ask = Ask.objects.create(
            program=story.program, person=somebody, state="sent", made_at=MONDAY - DAY, sent_at=MONDAY - DAY
        )
        CheckIn.objects.create(
            program=story.program, match=story, person=somebody, party=party, instance=9, ask=ask, due_at=MONDAY - DAY,
            late_at=MONDAY + DAY,
        )  # fmt: skip
        asks[somebody] = ask
    return {"zoo": zoo, "asks": asks, "signs": asks_of(out_for(whole, by=cora))}


def link(purpose, route, somebody, about):
    token = issue_link(
        purpose=purpose, person=somebody, about=about, program=about.program, at=MONDAY - DAY, expires_at=MONDAY + DAY
    )
    return reverse(route, args=[token]) + "?start=1"


def routes(somebody, story, asked, cora):
    """{name: address} of every page without signing in that leads somebody to a pair."""
    program, sign = story.program, asked["signs"][somebody.first_name]
    own = f"/k/{open_own_meetings(somebody, program=program, at=MONDAY)}/"
    found = {
        "own page": f"/m/{actions.print_own_page(somebody, program=program, by=cora, at=MONDAY)}/?start=1",
        "all meetings": own,
        "telling": own + "told/",
        "calendar": f"/feed/{make_feed(somebody, program=program, by=None, at=MONDAY)}.ics",
        "our meetings": link("meetings", "our-meetings:page", somebody, story),
        "goals": link("goals", "our-goals:page", somebody, story),
        "agreement": link("agreement", "agreement:ask", somebody, sign),
        "question": link("ask", "checkins:ask", somebody, asked["asks"][somebody]),
    }
    if somebody.first_name == "Grace":
        found["outing"] = link("outing", "outings:ask", somebody, asked["zoo"])
    return found


def sheets(somebody, story, asked):
    """{name: address} of what staff print for them."""
    here = f"/p/{story.program.slug}"
    return {
        "own page": f"{here}/own/{somebody.ref}/sheet/",
        "question": reverse("asks:sheet", args=[story.program.slug, asked["asks"][somebody].ref]),
        "goals": reverse("matches:goals-sheet", args=[story.program.slug, story.ref]) + f"?for={somebody.ref}",
        "our meetings": reverse("meetings:own-sheet", args=[story.program.slug, story.ref]) + f"?for={somebody.ref}",
        "agreement": reverse("matches:sign-sheet", args=[story.program.slug, asked["signs"][somebody.first_name].ref]),
        "outing": reverse("meetings:outing-sheet", args=[story.program.slug, asked["zoo"].ref]),
    }


def naming(browser, pages, name="Ama"):
    return {what for what, page in pages.items() if name in browser.get(page, headers=PHONE).text}


def test_whoever_is_kept_away_is_named_on_no_page_of_the_child_and_the_family(
    sign_up, story, asked, ama, ben, grace, cora, as_user, duty
):
    pages = {one: routes(one, story, asked, cora) for one in (ben, grace)}
    papers = {one: sheets(one, story, asked) for one in (ben, grace)}
    staff, signed_in = as_user(cora), [sign_up(ben, story.program, "mentee"), sign_up(grace, story.program, "guardian")]

    def named():
        said = {one.first_name: naming(Client(), found) for one, found in pages.items()}
        said["on paper"] = set().union(*(naming(staff, found) for found in papers.values()))
        return said | {"signed in": {who for one in signed_in for who in naming(one, MINE)}}

    before = named()
    restrict(ama, ben, program=story.program, by=cora)

    assert before == NAMED
    assert named() == {where: set() for where in NAMED}
