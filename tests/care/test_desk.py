"""The Today desk: the sentence first, whom to call and why, and only figures that add up."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.care.actions import refresh_findings
from rapport.care.desk import desk_for
from rapport.care.rest import month_figures
from rapport.matches.models import Match, Pause
from rapport.people.models import ContactPoint, Guardianship
from rapport.tasks.models import Task
from tests.care.conftest import AWAY, HELD, SILENT, asked, meeting, pair, restrict, said, todo, weekly
from tests.care.scene import full_desk
from tests.cast import DAY, MONDAY, person, staff
from tests.reading import lasting, words


def read(page):
    return words(page.text)


def desk(user, program, at=MONDAY):
    return desk_for(user, program, at, may_see_contacts=True)


@pytest.fixture
def lively(match, cora, ama, ben, grace):
    return full_desk(match, cora, ama, ben, grace)


def test_an_empty_desk_is_kind(desk_of, cora):
    page = desk_of(cora)

    assert page.status_code == 200
    assert "Nothing is waiting for you today." in read(page)
    assert "Your desk is clear" in read(page)


def test_the_desk_says_how_many_to_call_and_how_long_it_takes(desk_of, cora, lively):
    assert "<h1>These 9 today, about 3 h.</h1>" in desk_of(cora).text


def test_who_has_an_hour_is_shown_the_most_pressing_and_the_others_below(as_user, on_monday, cora, lively):
    page = as_user(cora).get(reverse("care:today", args=["riverside"]), {"hours": "1"})

    words = read(page)
    assert "You have 1 hour: these 3." in words
    assert words.index("Ben is waiting.") < words.index("When there is more time") < words.index("Monthly talk")


def test_the_waiting_child_comes_first_and_each_person_once(cora, riverside, lively):
    names = [group.person.given_name if group.person else "-" for group in desk(cora, riverside).groups]

    assert names == ["Ben", "Ife", "Noor", "Grace", "Priya", "Yusuf", "Ama", "Lily", "Joon", "-"]


def test_a_group_says_who_somebody_is_how_to_reach_them_and_how_long_a_child_waits(cora, riverside, lively):
    groups = {group.person.given_name: group for group in desk(cora, riverside).groups if group.person}

    assert [(groups[n].role, groups[n].reach) for n in ("Ben", "Ama", "Grace")] == [
        ("mentee, Lincoln School", "e-mail"),
        ("mentor of Ben", "phone, best reached after 16:00"),
        ("guardian of Ben", "e-mail"),
    ]
    assert (groups["Ben"].track.gone, groups["Ben"].track.all, groups["Ama"].track) == (10, 10, None)


def test_whoever_may_not_see_contacts_is_not_told_how(riverside, match, ama):
    lead = staff("Lena", riverside, "site-lead")
    todo(lead, riverside, somebody=ama)

    assert [group.reach for group in desk_for(lead, riverside, MONDAY, may_see_contacts=False).groups] == [""]


def test_the_rest_adds_up_and_each_part_is_what_it_says(cora, riverside, lively):
    rest = desk(cora, riverside).rest

    assert rest.in_calls + len(rest.safe) + len(rest.unknown) + len(rest.watched) == rest.all == 33
    assert (rest.in_calls, len(rest.safe), len(rest.unknown), len(rest.watched)) == (6, 22, 4, 1)
    assert sum(n for _words, n in rest.reasons) == len(rest.safe)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("every meeting held", "safe"),
        ("no word for weeks", "unknown"),
        ("nobody looked yet", "unknown"),
        ("missed twice", "watched"),
        ("rests until a day", "safe"),
        ("rests, nobody knows how long", "unknown"),
        ("a task tomorrow", "in_calls"),
        ("a task of a colleague tomorrow", "in_calls"),
        ("a check-in late tomorrow", "in_calls"),
        ("a sealed task of a lead", "safe"),
    ],
)
def test_where_a_pair_is_counted(match, cora, dele, ama, ben, riverside, what, kind):
    pair(riverside, "Kofi", "Sam", coordinator=cora)
    hows = {"no word for weeks": [SILENT], "missed twice": [HELD, AWAY, HELD, AWAY]}
    weekly(match, *hows.get(what, [HELD] * 4))
    if what.startswith("rests"):
        Match.objects.filter(pk=match.pk).update(state="paused")
        back = MONDAY.date() + 9 * DAY if "until" in what else None
        Pause.objects.create(program=riverside, match=match, starts_on=MONDAY.date(), back_on=back)
    if what != "nobody looked yet":
        refresh_findings(at=MONDAY)
    Task.objects.all().delete()
    if "task" in what:
        owner, level = (dele, 4) if "sealed" in what else (dele, 2) if "colleague" in what else (cora, 2)
        todo(owner, riverside, somebody=ama, about=match, due_at=MONDAY + timedelta(hours=20), level=level)
    if "check-in" in what:
        asked(match, ama, due_at=MONDAY - timedelta(days=6, hours=4))

    rest = desk(cora, riverside).rest

    found = {name: match in getattr(rest, name) for name in ("safe", "unknown", "watched")}
    found["in_calls"] = rest.in_calls == 1
    assert [name for name, is_so in found.items() if is_so] == [kind]


def test_safe_until_the_first_thing_that_falls_due(desk_of, match, cora, ama, riverside):
    weekly(match, *[HELD] * 4)
    refresh_findings(at=MONDAY)
    todo(cora, riverside, somebody=ama, about=match, due_at=MONDAY + 3 * DAY)

    assert "The other one is safe until Thursday, because" in read(desk_of(cora))


def test_nothing_is_promised_for_longer_than_a_week(desk_of, match, cora):
    weekly(match, *[HELD] * 4)
    refresh_findings(at=MONDAY)

    assert "The other one is safe until Monday 23 November" in read(desk_of(cora))


def test_the_months_figures_add_up_and_count_only_what_was_expected(match, cora, riverside, hill_match):
    weekly(match, HELD, AWAY, SILENT, last=MONDAY.date() - 2 * DAY)
    meeting(match, MONDAY.date() - 3 * DAY, HELD, planned=False)
    meeting(hill_match, MONDAY.date() - 3 * DAY, HELD)
    said(match, cora.person, 3, party="mentor", at=MONDAY - 8 * DAY)

    figures = month_figures(cora, riverside, MONDAY)

    assert figures == {"expected": 2, "held": 0, "missed": 1, "unknown": 1, "talks": 1, "talks_kept": 1}


def test_a_sealed_task_stands_on_the_desk_of_its_owner_and_in_no_figure(desk_of, dele, cora, riverside, match):
    before = lasting(desk_of(cora).text)
    todo(dele, riverside, "Read what came in.", level=4, pressing=1, ends_with_match=False)

    assert lasting(desk_of(cora).text) == before
    words = read(desk_of(dele))
    assert "What stands here is for you alone." in words
    assert "For you alone Read what came in. today Done Note" in words
    assert "things" not in words
    assert "about 10 min" not in words


def test_a_task_without_a_person_stands_under_things_to_do(desk_of, cora, riverside):
    todo(cora, riverside, "Mail comes back from three families.")
    todo(cora, riverside, "A backup is overdue.", pressing=9)

    words = read(desk_of(cora))

    assert "Nobody to call today, and 2 things to do." in words
    assert words.count("To do") == 1


def test_what_is_to_be_done_about_a_pair_without_a_call_names_the_pair(desk_of, cora, riverside, match, ama):
    todo(cora, riverside, "Ask kindly what would help.", about=match)
    todo(cora, riverside, "Ask when she is back.", somebody=ama, about=match)

    words = read(desk_of(cora))

    assert "Ama and Ben : Ask kindly what would help." in words
    assert words.count("Ama and Ben") == 1


def test_what_ended_with_its_match_is_off_the_desk_and_what_did_not_stays(desk_of, cora, riverside, match, ama):
    todo(cora, riverside, "Ask when she is back.", somebody=ama, about=match)
    todo(cora, riverside, "Send her the thank-you card.", somebody=ama, about=match, ends_with_match=False)
    Match.objects.filter(pk=match.pk).update(state="closed")

    words = read(desk_of(cora))

    assert "Ask when she is back." not in words
    assert "Send her the thank-you card." in words


def test_tomorrow_stands_on_the_desk_and_the_day_after_does_not(desk_of, cora, riverside):
    todo(cora, riverside, "For tomorrow.", due_at=MONDAY + DAY)
    todo(cora, riverside, "For Wednesday.", due_at=MONDAY + 2 * DAY)

    words = read(desk_of(cora))

    assert "For tomorrow. tomorrow Done" in words
    assert "For Wednesday." not in words


def test_days_are_those_of_the_program(as_user, cora, riverside):
    riverside.time_zone = "Pacific/Auckland"  # thirteen hours ahead: in the evening of Monday it is Tuesday there
    riverside.save()
    todo(cora, riverside, "For Tuesday there.", due_at=MONDAY + timedelta(hours=13))

    with time_machine.travel(MONDAY + timedelta(hours=13), tick=False):
        words = read(as_user(cora).get(reverse("care:today", args=["riverside"])))

    assert "Tuesday 17 November, 11:00" in words
    assert "For Tuesday there. today" in words


def test_omar_sees_nothing_of_riverside_and_his_own_desk(desk_of, omar, cora, riverside, hillside, match, ama):
    todo(cora, riverside, "About Ama.", somebody=ama, about=match)
    todo(omar, riverside, "Left from when he worked there.", somebody=ama, about=match)
    todo(omar, hillside, "About Hugo.")

    assert desk_of(omar).status_code == 404
    words = read(desk_of(omar, slug="hillside"))
    assert "About Hugo." in words
    assert not any(name in words for name in ("Ama", "Ben", "Riverside", "Left from"))


@pytest.mark.parametrize("role", ["evaluator", "administrator", "mentor", "mentee", "guardian"])
def test_without_a_desk_the_page_is_not_there(desk_of, riverside, role):
    assert desk_of(staff("Nora", riverside, role)).status_code == 404


def test_whoever_is_kept_away_from_somebody_finds_nothing_about_them(desk_of, cora, riverside, match, ben, ama):
    todo(cora, riverside, "Talk with Ben.", somebody=ben, about=match)
    restrict(cora.person, ben, program=riverside, by=cora)

    assert "Ben" not in read(desk_of(cora))


def test_names_out_of_reach_are_absent(cora, riverside, match, grace):
    support = staff("Mira", riverside, "match-support")
    lily = pair(riverside, "Kofi", "Lily", coordinator=cora)
    Guardianship.objects.create(adult=grace, child=lily.members.get(side="mentee").participant.person,
                                starts_on=MONDAY.date() - 400 * DAY)  # fmt: skip
    Match.objects.filter(pk=match.pk).update(coordinator=support)
    for owner in (support, cora):
        todo(owner, riverside, somebody=grace, about=match)

    assert [desk(user, riverside).groups[0].role for user in (support, cora)] == [
        "guardian of Ben",
        "guardian of Ben and Lily",
    ]


def test_the_sign_of_a_pair_stands_beside_its_mentor_once(cora, riverside, lively):
    groups = [group for group in desk(cora, riverside).groups if group.person]
    signs = {group.person.given_name: [task.sign for task in group.tasks] for group in groups}

    assert {name: marks for name, marks in signs.items() if any(marks)} == {"Ama": ["watch", ""], "Yusuf": ["unknown"]}


def test_what_is_written_by_people_is_shown_as_text(desk_of, cora, riverside):
    todo(cora, riverside, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in desk_of(cora).text


def test_the_queries_do_not_grow_with_the_matches(as_user, on_monday, cora, riverside, match, ama, ben, grace, queries):
    def rich(pairs):
        for n in range(pairs):
            one = pair(riverside, f"M{pairs}-{n}", f"C{pairs}-{n}", coordinator=cora)
            weekly(one, HELD, AWAY, HELD, AWAY)
            mentor = one.members.get(side="mentor").participant.person
            ContactPoint.objects.create(person=mentor, kind="phone", value="1", rank=1)
            child = one.members.get(side="mentee").participant.person
            adult = person(f"G{pairs}-{n}", riverside)
            Guardianship.objects.create(adult=adult, child=child, starts_on=MONDAY.date() - 400 * DAY)
            for somebody in (mentor, child, adult):
                todo(cora, riverside, f"Call {somebody}.", somebody=somebody, about=one)

    browser = as_user(cora)
    rich(5)
    few = queries(lambda: browser.get(reverse("care:today", args=["riverside"])))
    rich(55)
    many = queries(lambda: browser.get(reverse("care:today", args=["riverside"])))

    assert many == few


def test_a_thing_about_somebody_out_of_reach_offers_no_talk_to_write_down(desk_of, match, cora, ben, riverside):
    """Handed over to a colleague whose own matches are others: the talk's page would be none for them."""
    support = staff("Mira", riverside, "match-support")
    todo(support, riverside, somebody=ben, about=match)
    todo(cora, riverside, somebody=ben, about=match)

    theirs, hers = read(desk_of(support)), read(desk_of(cora))

    assert ("Talked with Ben" in theirs, "Talked with Ben" in hers) == (False, True)
    assert "Done" in theirs


@pytest.mark.parametrize("apart_from", ["ama", "ben", "grace"])
def test_what_is_about_a_participant_leaves_the_desk_with_them_and_with_who_is_beside_them(
    request, cora, riverside, match, ben_in, grace, apart_from
):
    todo(cora, riverside, "Call about Ben.", somebody=grace, about=ben_in)
    assert reasons(desk(cora, riverside)) == ["Call about Ben."]

    restrict(cora.person, request.getfixturevalue(apart_from), program=riverside, by=cora)

    assert reasons(desk(cora, riverside)) == []


def reasons(page):
    return [task.reason for group in page.groups for task in group.tasks]
