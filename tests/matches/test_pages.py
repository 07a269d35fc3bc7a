"""The pages of a match's steps, as staff meet them; Omar of Hillside meets none of them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rapport.core.months import day_in
from rapport.matches import actions
from rapport.matches.actions import NewMatch
from rapport.matches.models import Closure, Match
from rapport.onboarding.models import Gate
from tests.cast import participant, person

STEPS = ["begin", "points", "set-aside", "coordinator", "pause", "resume", "close"]


def address(name, match):
    return reverse(f"matches:{name}", args=["riverside", match.ref])


def text(page):
    return page.content.decode()


def test_the_begin_page_says_what_is_missing_and_where_to_put_it_right(as_user, cora, proposed, ama_in):
    page = as_user(cora).get(address("begin", proposed))

    assert page.status_code == 200
    assert "Ama and Ben cannot begin yet" in text(page)
    assert "Ama: the background check is missing." in text(page)
    assert reverse("onboarding:gates", args=["riverside", ama_in.ref]) in text(page)
    assert '<button class="btn btn-primary" disabled' in text(page)


def test_pressing_the_button_all_the_same_is_refused_with_every_reason(as_user, cora, proposed):
    page = as_user(cora).post(address("begin", proposed), {"begun_on": "1 11 2026"})

    assert page.status_code == 409
    assert "Ben has not said yes." in text(page)
    assert Match.objects.get().state == "proposed"


def test_ticks_and_the_button_begin_a_match_once(as_user, cora, prepared):
    prepared.points.update(kept_at=None)
    browser, today = as_user(cora), timezone.now().date()
    ticks = {f"tick-{code}": "on" for code in ("safety-contact", "said-yes", "first-meeting")}

    browser.post(address("points", prepared), ticks)
    first = browser.post(address("begin", prepared), {"begun_on": f"{today:%Y-%m-%d}"})
    second = browser.post(address("begin", prepared), {"begun_on": f"{today:%Y-%m-%d}"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "has begun already" in text(second)
    assert list(prepared.changes.values_list("state", flat=True)) == ["proposed", "active"]


def test_two_people_are_proposed_by_hand(as_user, cora, ama_in, ben_in):
    browser = as_user(cora)
    assert browser.get(reverse("matches:new", args=["riverside"])).status_code == 200

    said = {"mentor": ama_in.ref, "mentee": ben_in.ref, "coordinator": cora.pk}
    page = browser.post(reverse("matches:new", args=["riverside"]), said)
    again = browser.post(reverse("matches:new", args=["riverside"]), said)

    match = Match.objects.get()
    assert (page.status_code, page.url) == (302, address("begin", match))
    assert again.status_code == 409


def test_ending_asks_for_the_childs_view_first_and_keeps_nothing_by_half(as_user, cora, match):
    browser, said = as_user(cora), {"ended_on": "16 11 2026", "reason": "moved", "note": "They swapped drawings."}
    page = browser.post(address("close", match), said | {"tick-guardian-told": "on", "tick-last-meeting": "on"})

    assert page.status_code == 422
    assert "Their view comes before this step. Ask them, or say that they chose not to say." in text(page)
    assert text(page).index("asked how they feel") < text(page).index("They swapped drawings.")
    assert (Closure.objects.count(), match.points.filter(kept_at__isnull=False).count()) == (0, 0)

    ticks = {"tick-guardian-told": "on", "tick-last-meeting": "on", "silent-young-person-heard": "on"}
    done = browser.post(address("close", match), said | ticks)

    assert done.status_code == 302
    assert Closure.objects.get().reason == "moved"
    assert match.points.get(code="young-person-heard").words == "chose not to say"
    assert browser.post(address("close", match), said | ticks).status_code == 409


def test_a_pause_and_going_on(as_user, cora, match):
    browser = as_user(cora)

    browser.post(address("pause", match), {"starts_on": "16 11 2026", "reason": "Exams"})
    assert Match.objects.get().state == "paused"
    assert browser.get(address("resume", match)).status_code == 200

    browser.post(address("resume", match))
    assert Match.objects.get().state == "active"


def test_a_rest_says_since_when_and_until_when_and_no_slip_in_the_year_makes_it_endless(as_user, cora, match):
    browser, today = as_user(cora), timezone.localdate()
    path = reverse("matches:pause", args=["riverside", match.ref])
    sent = {"starts_on": today.isoformat(), "reason": "exams"}

    slip = browser.post(path, sent | {"back_on": f"10 1 {today.year + 10}"})
    assert slip.status_code == 422
    assert "That is more than a year. Look at the year you wrote." in slip.content.decode()
    assert Match.objects.get(pk=match.pk).state == "active"

    back = today + timedelta(days=40)
    browser.post(path, sent | {"back_on": back.isoformat()})
    page = browser.get(match.get_absolute_url()).content.decode()

    assert f"They have rested since {today.day} {today:%B}, and mean to go on from {back.day} {back:%B %Y}." in page


def test_a_day_for_going_on_is_named_where_each_who_rests_named_one_and_no_hold_moves_the_first(
    as_user, cora, dele, match
):
    at = timezone.now()
    today = day_in(at, match.program.zone)
    since, back = today - 9 * timedelta(days=1), today + timedelta(days=40)
    actions.pause(match, reason="exams", starts_on=since, back_on=back, by=cora, at=at - timedelta(days=9))
    theirs = match.pauses.get()

    def said():
        page = " ".join(text(as_user(cora).get(match.get_absolute_url())).split())
        return page[page.index("They have rested") :].partition(".")[0]

    first = f"They have rested since {since.day} {since:%B}"
    assert said() == f"{first}, and mean to go on from {back.day} {back:%B %Y}"

    actions.hold(match, by=dele, at=at)
    assert said() == f"{first}, and mean to go on from {back.day} {back:%B %Y}"

    other = match.pauses.create(program=match.program, starts_on=today, made_by=cora)
    assert said() == first

    match.pauses.filter(pk__in=[theirs.pk, other.pk]).update(ended_on=today)
    assert said() == first


def test_a_hold_changes_no_word_of_the_pages_of_a_pause(as_user, cora, dele, match):
    browser = as_user(cora)
    actions.pause(match, reason="", starts_on=timezone.now().date(), by=cora, at=timezone.now())
    paused = {name: browser.get(address(name, match)) for name in ("resume", "close", "coordinator")}
    actions.resume(match, by=cora, at=timezone.now())
    actions.hold(match, by=dele, at=timezone.now())
    held = {name: browser.get(address(name, match)) for name in ("resume", "close", "coordinator")}

    for name, page in held.items():
        assert without_tokens(text(page)) == without_tokens(text(paused[name]))
    refused = browser.post(address("resume", match))
    assert refused.status_code == 409
    assert "This match stays paused for now." in text(refused)


def without_tokens(page):
    return [line for line in page.splitlines() if "csrf" not in line.lower()]


def test_one_colleague_takes_on_many(as_user, cora, dele, proposed, match_of_carla):
    browser, many = as_user(cora), reverse("matches:coordinators", args=["riverside"])
    assert browser.get(many, {"of": "nobody", "after": "x"}).status_code == 200

    browser.post(many, {"many-matches": [proposed.ref, match_of_carla.ref], "many-coordinator": dele.pk})

    assert set(Match.objects.values_list("coordinator", flat=True)) == {dele.pk}


@pytest.fixture
def match_of_carla(riverside, cora):
    carla = participant(person("Carla", riverside, born_on=date(1988, 1, 1)), riverside, "mentor")
    jude = participant(person("Jude", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    return actions.propose([NewMatch([carla], [jude])], program=riverside, by=cora, at=timezone.now())[0]


def test_a_proposal_is_set_aside(as_user, cora, proposed):
    page = as_user(cora).post(address("set-aside", proposed), {"words": "Ben would rather wait"})

    assert page.status_code == 302
    assert proposed.changes.last().words == "Ben would rather wait"


@pytest.mark.parametrize("step", STEPS)
def test_omar_meets_nothing_of_riverside(as_user, omar, hill_match, match, step):
    browser = as_user(omar)

    assert browser.get(address(step, match)).status_code == 404
    assert browser.post(address(step, match)).status_code == 404
    assert browser.post(reverse(f"matches:{step}", args=["hillside", match.ref])).status_code == 404
    assert browser.get(reverse("matches:coordinator", args=["hillside", hill_match.ref])).status_code == 200


def test_omar_cannot_be_handed_or_take_what_is_not_his(as_user, omar, cora, match, hill_match, ama_in):
    taken = as_user(omar).post(
        reverse("matches:coordinators", args=["hillside"]), {"many-matches": [match.ref], "many-coordinator": omar.pk}
    )
    given = as_user(cora).post(address("coordinator", match), {"coordinator": omar.pk})
    pair = {"mentor": ama_in.ref, "mentee": hill_match.members.get(side="mentee").participant.ref}
    proposed = as_user(omar).post(reverse("matches:new", args=["hillside"]), pair)

    assert [page.status_code for page in (taken, given, proposed)] == [422, 422, 422]
    assert Match.objects.get(pk=match.pk).coordinator == cora


def test_a_lead_sees_matches_and_moves_none(as_user, dele, match):
    assert {as_user(dele).post(address(step, match)).status_code for step in STEPS} == {404}


ODD = [
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202ex",
    "9" * 400,
    "31 4 2026",
    "0001-01-01",
    "9999-12-31",
    "NaN",
    "1e309",
    "<script>",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_answered_and_changes_nothing(as_user, cora, match, odd):
    browser = as_user(cora)
    odd = odd.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for step in ("close", "pause", "coordinator"):
        fields = dict.fromkeys(("ended_on", "reason", "note", "starts_on", "back_on", "coordinator"), odd)
        assert browser.post(address(step, match), fields).status_code in (409, 422)
    for name in ("new", "coordinators"):
        place = reverse(f"matches:{name}", args=["riverside"])
        assert browser.get(place, {"mentors": odd, "of": odd, "after": odd, "mentor": odd}).status_code == 200
        fields = dict.fromkeys(("mentor", "mentee", "coordinator", "many-coordinator", "many-matches"), odd)
        assert browser.post(place, fields).status_code == 422

    assert Match.objects.get().state == "active"
    assert match.changes.count() == 0


def test_a_gate_is_taken_back_by_page_and_the_coordinator_called(as_user, cora, match, ama_in):
    place = reverse("matches:withdraw", args=["riverside", ama_in.ref, "clearance"])
    assert as_user(cora).get(place).status_code == 200

    page = as_user(cora).post(place, {"met_on": "15 11 2026", "how": "a letter"})

    assert page.status_code == 302
    assert Gate.objects.get(participant=ama_in, code="clearance").is_met is False
    assert [task.reason for task in cora.tasks.all()] == [
        "Ama: the background check is not in order any more. Pause the match until it is."
    ]
    assert as_user(cora).get(reverse("matches:withdraw", args=["riverside", ama_in.ref, "nonsense"])).status_code == 404
