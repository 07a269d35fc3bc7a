"""Who leads, assesses or teaches the other is not matched with them; staff say so, nobody who takes part reads it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from rapport.audit.models import Event
from rapport.matches.actions import NewMatch, NotReady, NotToBeMatched, begin, propose
from rapport.matches.models import Match
from rapport.matching import gathering
from rapport.matching.actions.releasing import release
from rapport.people import actions
from rapport.people.actions import TakenBackAlready, WrittenAlready
from rapport.people.actions.merging import KeptTwo, put_together
from rapport.people.models import Conflict, Person
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, staff
from tests.matching.test_pages import words_of

MOVES = (
    "people.migrations.0018_conflicts_of_roles_are_kept_here", "matching.migrations.0009_conflicts_are_kept_by_people",
)  # fmt: skip
SAID = "It is written down that they are not to be matched. Look at their pages."


@pytest.fixture
def people(riverside, newcomer):
    return {
        "Ama": newcomer("Ama", "mentor"), "Kofi": newcomer("Kofi", "mentor"), "Ben": newcomer("Ben", "mentee"),
    }  # fmt: skip


def page(one):
    return reverse("matching:conflicts", args=[one.program.slug, one.ref])


def barred(program, at=MONDAY):
    names = dict(program.participants.values_list("pk", "person__given_name"))
    return {(names[a], names[b]) for a, b in gathering.gather(program, at).apart}


def test_a_line_manager_is_written_down_and_taken_back(riverside, people, cora, as_user):
    browser, ben, today = as_user(cora), people["Ben"], timezone.localdate()
    said = {"other": people["Ama"].ref, "kind": "line-manager", "words": "Her team since May", "until_on": ""}

    kept = browser.post(page(ben), said, follow=True)

    row = Conflict.objects.get()
    assert (row.person, row.other, row.said_by, row.until_on) == (people["Ama"].person, ben.person, cora, None)
    assert "Nothing pairs them from now on: no round, no suggestion, no list." in words_of(kept)
    assert "Ama leads the other at work: Her team since May" in words_of(kept)
    assert barred(riverside) == {("Ben", "Ama")}
    assert browser.post(page(ben), said).status_code == 409
    assert "Her team since May" in words_of(browser.get(page(people["Ama"])))

    browser.post(page(people["Ama"]), {"take-back": row.ref})

    assert barred(riverside) == set()
    assert "taken back by Cora" in words_of(browser.get(page(ben)))
    assert browser.post(page(ben), {"take-back": row.ref}).status_code == 409
    verbs = Event.objects.filter(about_id=row.pk, about_type="people.conflict").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["conflict.declared", "conflict.taken-back"]
    browser.post(page(ben), {**said, "kind": "class-teacher", "is_turned": "on", "until_on": today.isoformat()})
    turned = Conflict.objects.get(taken_back_at=None)
    assert (turned.person, turned.other, turned.until_on) == (ben.person, people["Ama"].person, today)


def test_it_holds_until_its_last_day_and_in_its_own_program_alone(riverside, hillside, people, cora, omar):
    facts = {"person": people["Ama"].person, "other": people["Ben"].person, "kind": "assessor", "at": MONDAY}
    actions.declare_conflict(riverside, until_on=MONDAY.date(), **facts, by=cora)
    actions.declare_conflict(hillside, **{**facts, "person": people["Kofi"].person}, by=omar)

    assert barred(riverside) == {("Ben", "Ama")}
    assert barred(riverside, MONDAY + 2 * DAY) == set()
    with pytest.raises(WrittenAlready):
        actions.declare_conflict(riverside, **facts, by=cora)
    mine = Conflict.objects.get(program=riverside)
    actions.take_conflict_back(mine, by=cora, at=MONDAY)
    with pytest.raises(TakenBackAlready):
        actions.take_conflict_back(mine, by=cora, at=MONDAY)


def test_what_is_over_is_taken_back_and_written_anew(riverside, people, cora, as_user):
    browser, ben, over = as_user(cora), people["Ben"], timezone.localdate() - 2 * DAY
    facts = {"person": people["Ama"].person, "other": ben.person, "kind": "class-teacher"}
    row = actions.declare_conflict(riverside, until_on=over, **facts, by=cora, at=MONDAY)
    again = {"other": people["Ama"].ref, "kind": "class-teacher", "until_on": ""}

    assert "take it back and write it anew" in words_of(browser.post(page(ben), again))
    said = browser.get(page(ben))
    assert f'name="take-back" value="{row.ref}"' in said.content.decode()
    browser.post(page(ben), {"take-back": row.ref})
    browser.post(page(ben), again)

    assert barred(riverside) == {("Ben", "Ama")}


def test_nobody_who_takes_part_and_nobody_elsewhere_reads_it(riverside, people, cora, omar, hill_match, as_user):
    ben, ama = people["Ben"], people["Ama"]
    actions.declare_conflict(
        riverside, person=ama.person, other=ben.person, kind="declared", words="Canary", by=cora, at=MONDAY
    )
    others = [
        omar,
        staff("Mia", riverside, "mentor"),
        staff("Sam", riverside, "site-lead"),
        staff("Eva", riverside, "evaluator"),
    ]

    for user in others:
        assert as_user(user).get(page(ben)).status_code == 404
        assert as_user(user).post(page(ben), {"take-back": Conflict.objects.get().ref}).status_code == 404
    hugo = hill_match.members.get(side="mentor").participant
    assert as_user(omar).get(page(hugo)).status_code == 200
    crossed = as_user(cora).post(page(ben), {"other": hugo.ref, "kind": "declared"})
    assert crossed.status_code == 422
    carl = staff("Carl", riverside, "coordinator")
    restrict(carl.person, ama.person, program=riverside, by=cora)
    assert "Canary" not in words_of(as_user(carl).get(page(ben)))
    assert "Ama" not in words_of(as_user(carl).get(page(ben)))
    assert as_user(carl).post(page(ben), {"take-back": Conflict.objects.get().ref}).status_code == 404
    assert Conflict.objects.live(MONDAY.date()).count() == 1


def test_a_match_they_are_in_goes_on_and_staff_are_told(riverside, people, cora, as_user):
    open_match(people["Ama"], people["Ben"], coordinator=cora)

    said = as_user(cora).post(page(people["Ben"]), {"other": people["Ama"].ref, "kind": "declared"}, follow=True)

    assert "They are in a match, or proposed to each other" in words_of(said)


def test_nobody_proposes_them_by_hand_nor_lets_a_proposal_begin(riverside, hillside, people, cora, omar, as_user):
    ama, ben, browser = people["Ama"], people["Ben"], as_user(cora)
    facts = {"person": ama.person, "other": ben.person, "kind": "line-manager", "words": "Canary", "at": MONDAY}
    actions.declare_conflict(hillside, **facts, by=omar)
    [match] = propose([NewMatch([ama], [ben], coordinator=cora)], program=riverside, by=cora, at=MONDAY)
    row = actions.declare_conflict(riverside, **facts, by=cora)

    with pytest.raises(NotReady) as refused:
        begin(match, by=cora, at=MONDAY)
    page_of_it = words_of(browser.get(reverse("matches:begin", args=["riverside", match.ref])))
    Match.objects.update(state="not-begun")
    by_hand = browser.post(
        reverse("matches:new", args=["riverside"]), {"mentor": ama.ref, "mentee": ben.ref, "coordinator": cora.pk}
    )
    with pytest.raises(NotToBeMatched):
        propose([NewMatch([people["Kofi"], ama], [ben])], program=riverside, by=cora, at=MONDAY)

    assert refused.value.reasons.count(SAID) == 1
    assert SAID in page_of_it
    assert (by_hand.status_code, SAID in words_of(by_hand)) == (409, True)
    assert "Canary" not in page_of_it + words_of(by_hand) + str(refused.value)
    assert Match.objects.count() == 1
    actions.take_conflict_back(row, by=cora, at=MONDAY)
    assert len(propose([NewMatch([ama], [ben])], program=riverside, by=cora, at=MONDAY)) == 1


def test_nobody_is_asked_about_two_who_are_not_to_be_matched(riverside, people, cora):
    ama, ben = people["Ama"], people["Ben"]
    [match] = propose([NewMatch([ama], [ben], coordinator=cora)], program=riverside, by=cora, at=MONDAY)
    actions.declare_conflict(riverside, person=ama.person, other=ben.person, kind="assessor", by=cora, at=MONDAY)

    held = release([match], by=cora, at=MONDAY).held
    actions.take_conflict_back(Conflict.objects.get(), by=cora, at=MONDAY)

    assert list(held.values()) == [SAID]
    assert release([match], by=cora, at=MONDAY).asked == [match]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"other": ""}, "Choose one of these."), ({"other": "zzzz"}, "Choose one of these."),
        ({"kind": "magic"}, "Choose one of these."), ({"words": "x" * 400}, "300 fit"),
        ({"until_on": "31.4.2026"}, "day"), ({"words": "a\x00b"}, "cannot be shown"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(riverside, people, cora, as_user, typed, words):
    said = {"other": people["Ama"].ref, "kind": "declared", **typed}

    answer = as_user(cora).post(page(people["Ben"]), said)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert Conflict.objects.count() == 0


def test_among_many_somebody_is_found_by_their_name(riverside, people, cora, newcomer, as_user):
    for n in range(45):
        newcomer(f"Bo{n:02}", "mentor", ready=False)

    all_of_them = words_of(as_user(cora).get(page(people["Ben"])))
    found = words_of(as_user(cora).get(page(people["Ben"]) + "?q=kof"))

    assert "Find somebody: their name begins with" in all_of_them
    assert "Kofi" not in all_of_them
    assert "Kofi" in found
    assert "Bo01" not in found
    assert "Nobody you see is called so." in words_of(as_user(cora).get(page(people["Ben"]) + "?q=%00zz"))


def test_two_records_of_one_person_keep_the_conflict_that_holds(riverside, people, cora, newcomer):
    twin = newcomer("Ama", "mentor", ready=False)
    facts = {"other": people["Ben"].person, "kind": "declared", "by": cora, "at": MONDAY}
    actions.declare_conflict(riverside, person=people["Ama"].person, until_on=MONDAY.date(), **facts)
    actions.declare_conflict(riverside, person=twin.person, words="for good", **facts)
    between = actions.declare_conflict(riverside, person=people["Ama"].person, **{**facts, "other": twin.person})

    with pytest.raises(KeptTwo, match="take that back first"), transaction.atomic():
        put_together(people["Ama"].person, twin.person, by=cora, at=MONDAY)
    actions.take_conflict_back(between, by=cora, at=MONDAY)
    put_together(people["Ama"].person, twin.person, by=cora, at=MONDAY)

    one = Conflict.objects.get(taken_back_at=None)
    assert (one.person, one.until_on, one.words) == (people["Ama"].person, None, "for good")
    assert not Person.objects.filter(pk=twin.person_id).exists()


def test_what_was_written_down_in_matching_stays_in_its_table(riverside, people, cora):
    row = actions.declare_conflict(
        riverside, person=people["Ama"].person, other=people["Ben"].person, kind="assessor", by=cora, at=MONDAY
    )
    kind, editor = ContentType.objects.get_for_model(Conflict), SimpleNamespace(connection=connection)
    ContentType.objects.filter(pk=kind.pk).update(app_label="matching")
    here, there = (import_module(f"rapport.{name}") for name in MOVES)

    here.called_so("matching", "people")(apps, editor)

    steps = [*here.Migration.operations[:1], *there.Migration.operations]
    kind.refresh_from_db()
    assert [step.database_operations for step in steps] == [[], []]
    assert (kind.app_label, Conflict._meta.db_table, Conflict.objects.get()) == ("people", "matching_conflict", row)
