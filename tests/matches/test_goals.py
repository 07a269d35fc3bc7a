"""Goals in somebody's own words: who reads them, what becomes of them, and what nobody may do to them."""

from datetime import date

import pytest

from rapport.matches.actions import goals as actions
from rapport.matches.actions.goals import Heard
from rapport.matches.goals import goals_for, reader_of
from rapport.matches.models import Goal, GoalTask, Growth, Headway
from rapport.people.models import Guardianship, Restriction
from tests.cast import DAY, MONDAY, person

OWN = "I want to read a whole book aloud to my sister"


def say(match, person, words=OWN, *, level=0, worded_by="mentee", by, way="told", form_id=None):
    return actions.add_goal(
        match, mentee=match.mentees[0], words=words, worded_by=worded_by, level=level,
        heard=Heard(person, way), form_id=form_id or words[:40], by=by, at=MONDAY,
    )  # fmt: skip


def read_by(person, match, at=MONDAY):
    reader = reader_of(person, match, at)
    return reader and [str(goal) for goal in goals_for(reader, match, at).order_by("pk")]


@pytest.fixture
def several(begun, ben, grace, ama, cora):
    """One goal for everybody, one kept from the family, one for staff alone, and one of the family's."""
    say(begun, ben, by=cora)
    say(begun, ben, "Not for home", level=1, by=cora)
    say(begun, ben, "For Cora alone", level=2, by=cora)
    say(begun, grace, "That Ben sleeps well", worded_by="guardian", by=cora)
    return begun


def test_each_reads_what_the_mentee_lets_them_and_no_trace_of_more(several, ama, ben, grace):
    assert read_by(ama, several) == [OWN, "Not for home", "That Ben sleeps well"]
    assert read_by(grace, several) == [OWN, "That Ben sleeps well"]
    assert read_by(ben, several) == [OWN, "That Ben sleeps well"]  # behind a link, the phone may be the family's


def test_two_guardians_never_read_each_other_and_one_kept_away_reads_nothing(
    several, ben, ama, grace, cora, riverside, dele
):
    other = guardian_of(ben, riverside, "Kofi")
    say(several, other, "That he plays football", worded_by="guardian", by=cora)
    assert read_by(other, several) == [OWN, "That he plays football"]

    keep_away(other, ben, riverside, dele)
    assert read_by(other, several) is None
    assert read_by(grace, several) == [OWN, "That Ben sleeps well"]
    assert read_by(ben, several) == [OWN, "That Ben sleeps well"]


def guardian_of(child, program, name):
    adult = person(name, program, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=adult, child=child, starts_on=date(2020, 1, 1))
    return adult


def keep_away(away, subject, program, by):
    return Restriction.objects.create(
        program=program, kept_away=away, subject=subject, reason="An order.", starts_on=MONDAY.date(),
        review_on=MONDAY.date() + 90 * DAY, recorded_by=by, recorded_at=MONDAY,
    )  # fmt: skip


def test_a_goal_is_said_once_ends_once_and_can_be_taken_up_again(begun, ben, cora):
    goal = say(begun, ben, by=cora)
    assert say(begun, ben, "The same press twice", by=cora, form_id=OWN[:40]) == goal
    step = actions.add_step(goal, words="Choose the book", form_id="s", by=cora, at=MONDAY)
    assert [actions.tick_step(step, is_done=True, by=cora, at=MONDAY) for _ in range(2)] == [True, False]
    actions.end_goal(goal, ending="let-go", words="He found another book.", by=cora, at=MONDAY + DAY)
    with pytest.raises(actions.GoalEnded):
        actions.end_goal(goal, ending="reached", by=cora, at=MONDAY + DAY)
    with pytest.raises(actions.GoalEnded):
        actions.say_headway(goal, value="stuck", heard=Heard(ben, "told"), form_id="h", by=cora, at=MONDAY + DAY)
    assert actions.take_up_again(goal, by=cora, at=MONDAY + 2 * DAY) is True

    assert Goal.objects.get().words == OWN
    assert GoalTask.objects.get().done_at == MONDAY


def test_where_they_say_they_stand_is_one_word_for_each_moment(begun, ben, cora):
    goal = say(begun, ben, by=cora)
    for moment, value in (("start", 1), ("start", 2), ("end", 4)):
        actions.say_growth(goal, moment=moment, value=value, heard=Heard(ben, "told"), by=cora, at=MONDAY)

    standing = Growth.objects.filter(replaced_at=None).values_list("moment", "value")
    assert list(standing) == [("start", 2), ("end", 4)]


def test_a_pair_that_parted_keeps_its_goals_to_be_read_but_not_by_the_mentor(several, ama, ben, grace, cora):
    type(several).objects.filter(pk=several.pk).update(state="closed", ended_on=MONDAY.date())
    several.refresh_from_db()

    assert read_by(ama, several) is None
    assert read_by(ben, several) == read_by(grace, several) == [OWN, "That Ben sleeps well"]
    with pytest.raises(actions.NotWritable):
        say(several, ben, "One more", by=cora)


# Pages of staff


def page(program, *parts):
    return f"/p/{program.slug}/matches/" + "/".join(parts) + "/"


def test_a_goal_told_to_cora_is_written_down_and_followed_on_its_page(begun, ben, cora, as_user, riverside):
    client = as_user(cora)
    told = {"words": OWN, "said_by": ben.ref, "level": "1", "way": "told", "said_on": "2026-11-16", "form_id": "x"}

    assert client.post(page(riverside, begun.ref, "goals"), told).status_code == 302
    assert client.post(page(riverside, begun.ref, "goals"), told).status_code == 302
    goal = Goal.objects.get()
    at = page(riverside, "goals", goal.ref)
    headway = {"do": "headway", "headway-said_by": ben.ref, "headway-value": "stuck", "headway-way": "paper"}
    headway |= {"headway-obstacle": "No quiet place", "headway-said_on": "2026-11-16", "headway-form_id": "h"}
    for typed in (headway, headway, {"do": "step", "step-words": "Find a book", "step-form_id": "s"}):
        assert client.post(at, typed).status_code == 302
    step = GoalTask.objects.get()
    client.post(page(riverside, "steps", step.ref), {"is": "done"})

    assert (goal.words, goal.level, goal.worded_by, goal.person, goal.written_by) == (OWN, 1, "mentee", ben, cora)
    assert Headway.objects.get().obstacle == "No quiet place"
    shown = client.get(at).content.decode()
    assert [words in shown for words in ("No quiet place", "kept from the family", "Not done after all")] == [True] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""}, {"words": "​⠀"}, {"words": "x" * 501}, {"words": "x" * 100_000}, {"words": "a\x00b"},
        {"said_by": "nobody"}, {"level": "9"}, {"level": ""}, {"way": "link"}, {"said_on": "2126-01-01"},
        {"said_on": "31 2 2026"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_on_the_page_and_nothing_is_kept(begun, ben, cora, as_user, riverside, wrong):
    client = as_user(cora)
    told = {"words": OWN, "said_by": ben.ref, "level": "1", "way": "told", "said_on": "2026-11-16", "form_id": "x"}

    assert client.post(page(riverside, begun.ref, "goals"), told | wrong).status_code == 422
    assert not Goal.objects.exists()


def test_a_stranger_finds_no_goal_and_a_site_lead_none_for_staff_alone(several, as_user, omar, riverside):
    goal = Goal.objects.filter(level=2).get()
    client = as_user(omar)

    for parts in ((several.ref, "goals"), ("goals", goal.ref), ("goals", goal.ref, "again")):
        assert client.get(page(riverside, *parts)).status_code == 404
        assert client.post(page(riverside, *parts), {}).status_code == 404
