"""What a roster that comes again says of people beside its pupils: guardians' new addresses, and who is gone."""

from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.imports import actions
from rapport.imports.models import Deed, Import
from rapport.people.actions import add_contact_point, drop_contact_point
from rapport.people.models import ContactPoint, Participant, Person, Restriction
from rapport.tasks.models import Task
from tests.cast import DAY, LONG_AGO, MONDAY, WEEK, participant, person, staff
from tests.imports import school
from tests.imports.school import SCHOOLS, School, tables, write_set
from tests.imports.test_oneroster import bring
from tests.imports.test_sync import NEXT, everything

FAMILY = School(
    pupils={"p1": ["Ben", "Adler", "o1", "2013-04-02"], "p2": ["Lily", "Adler", "o1", "2015-04-02"]},
    adults={"a1": ["Grace", "Adler", "guardian"], "a2": ["Gus", "Adler", "parent"]},
    agents={"p1": ["a1", "a2"], "p2": ["a1"]},
)
HELD = "There is another e-mail address of Grace Adler than we know. Not taken over: ask which is right."


def families(place, **said):
    """The set, with what is said of Grace."""
    users = [user | (said if user["sourcedId"] == "a1" else {}) for user in tables(FAMILY, "1.1")["users"]]
    return write_set(place, FAMILY, users=users)


@pytest.fixture
def grace_in(tmp_path, riverside):
    bring(families(tmp_path / "old"), riverside)
    return Person.objects.get(given_name="Grace")


def reached(somebody):
    return sorted(somebody.contact_points.values_list("kind", "value"))


def test_a_guardian_s_new_address_takes_the_place_of_the_one_the_roster_said(tmp_path, riverside, grace_in):
    files = families(tmp_path / "new", email="grace@new.example", phone="+12065550100")
    before = everything()

    report = bring(files, riverside, at=NEXT)

    assert reached(grace_in) == [("email", "grace@new.example"), ("phone", "+12065550100")]
    assert [(one["id"], one["what"], one["now"]) for one in report["changes"]] == [
        ("p1", "guardian-email", "Grace Adler"), ("p1", "guardian-phone", "Grace Adler"),
    ]  # fmt: skip
    assert (report["updated"], report["unchanged"], report["passed_over"]) == (1, 1, [])
    assert "new.example" not in str(report)
    assert Event.objects.filter(verb="contact.renewed").count() == 2
    assert bring(files, riverside, at=NEXT + DAY)["changes"] == []
    Import.objects.latest("pk").delete()
    assert actions.undo(Import.objects.latest("pk"), by=None, at=NEXT + WEEK) == (1, 0)
    assert everything() == before


def test_a_new_address_somebody_else_has_too_is_private_to_neither(tmp_path, riverside, grace_in):
    kay = person("Kay", riverside)

    bring(families(tmp_path / "new", email="kay@example.org"), riverside, at=NEXT)

    assert (
        list(ContactPoint.objects.filter(value="kay@example.org").values_list("is_private", flat=True)) == [False] * 2
    )
    assert kay.contact_points.count() == 1


def put_right(grace, cora):
    pupil = Participant.objects.get(person__given_name="Ben")
    drop_contact_point(grace.contact_points.get(), about=pupil, by=cora, at=MONDAY)
    add_contact_point(
        grace, about=pupil, kind="email", value="grace@right.example", is_shared=False, by=cora, at=MONDAY
    )


def signs_in(grace, cora):
    Person.objects.filter(pk=grace.pk).update(user=staff("Eve", Participant.objects.first().program).pk)


def mentors(grace, cora):
    participant(grace, Participant.objects.first().program, "mentor")


def protects(name):
    def restrict(grace, cora):
        away = person("Karl", Participant.objects.first().program)
        Restriction.objects.create(
            program=Participant.objects.first().program, kept_away=away, reason="canary", recorded_by=cora,
            subject=Person.objects.get(given_name=name), starts_on=date(2026, 1, 1), review_on=date(2036, 1, 1),
            recorded_at=LONG_AGO,
        )  # fmt: skip

    return restrict


CAREFUL = [put_right, mentors, protects("Ben"), protects("Lily"), protects("Grace")]


@pytest.mark.parametrize("happens", CAREFUL)
def test_where_a_person_put_it_right_or_care_is_needed_it_is_told_and_not_taken_over(
    tmp_path, riverside, cora, grace_in, happens
):
    """The same sentence whatever the reason, and once: the next roster says nothing new."""
    happens(grace_in, cora)
    before = reached(grace_in)
    files = families(tmp_path / "new", email="grace@new.example")

    report = bring(files, riverside, at=NEXT)

    assert reached(grace_in) == before
    assert [row["reason"] for row in report["passed_over"]] == [HELD]
    assert (report["changes"], report["updated"]) == ([], 0)
    assert "new.example" not in str(report)
    assert bring(files, riverside, at=NEXT + DAY)["passed_over"] == []


def test_one_that_was_changed_after_it_was_taken_over_stays_when_the_roster_is_taken_back(
    tmp_path, riverside, grace_in
):
    bring(families(tmp_path / "new", email="grace@new.example"), riverside, at=NEXT)
    grace_in.contact_points.update(value="grace@right.example")

    assert actions.undo(Import.objects.latest("pk"), by=None, at=NEXT + DAY) == (0, 1)
    assert reached(grace_in) == [("email", "grace@right.example")]
    assert Deed.objects.latest("pk").stays == "Something about them was changed since."


# Who is gone


def without(*keys):
    made = FAMILY.copy()
    for key in keys:
        del made.pupils[key], made.agents[key]
    return made


def calls():
    return Task.objects.open().filter(kind="imports/gone-from-roster")


def test_whoever_looks_after_a_school_is_called_once_about_those_who_are_gone(
    tmp_path, as_user, riverside, cora, grace_in
):
    bring(write_set(tmp_path / "new", without("p1")), riverside, at=NEXT)
    again = bring(write_set(tmp_path / "same", without("p1")), riverside, at=NEXT + DAY)

    (call,) = calls()
    assert [one["was"] for one in again["changes"]] == ["Ben Adler"]
    assert (call.owner, call.reason) == (
        cora,
        "Some pupils of North School are on the school's roster no more. Look at each: nothing happens by itself.",
    )
    desk = as_user(cora).get("/p/riverside/today/").content.decode()
    assert f'href="/p/riverside/imports/{call.about.ref}/"' in desk
    assert "Ben Adler" in as_user(cora).get(f"/p/riverside/imports/{call.about.ref}/").content.decode()
    assert Participant.objects.get(person__given_name="Ben").left_at is None


def test_nobody_is_called_about_a_child_they_are_kept_away_from(tmp_path, riverside, cora, grace_in):
    Restriction.objects.create(
        program=riverside, kept_away=cora.person, subject=Person.objects.get(given_name="Ben"), reason="court",
        starts_on=date(2026, 1, 1), review_on=date(2036, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip
    eve = staff("Eve", riverside, "coordinator")

    bring(write_set(tmp_path / "new", without("p1")), riverside, at=NEXT)

    assert [call.owner for call in calls()] == [eve]


def test_the_call_ends_when_the_roster_is_taken_back(tmp_path, riverside, cora, grace_in):
    bring(write_set(tmp_path / "new", without("p1")), riverside, at=NEXT)

    actions.undo(Import.objects.latest("pk"), by=cora, at=NEXT + DAY)

    assert not calls().exists()


def test_where_each_school_sends_its_own_roster_the_other_one_calls_nobody_anew(
    tmp_path, monkeypatch, riverside, cora, grace_in
):
    other = School(pupils={"s1": ["Sol", "South", "o2", "2014-04-02"]}, agents={"s1": []})

    def only(org, made, name):
        monkeypatch.setattr(school, "SCHOOLS", {org: SCHOOLS[org]})
        return write_set(tmp_path / name, made)

    for day, (org, made) in enumerate([("o1", without("p1")), ("o2", other), ("o1", without("p1"))]):
        bring(only(org, made, f"sent{day}"), riverside, at=NEXT + day * DAY)
    assert calls().count() == 1

    for day, made in enumerate([FAMILY, without("p1")], 4):  # who comes back and is gone anew is told of anew
        bring(only("o1", made, f"sent{day}"), riverside, at=NEXT + day * DAY)
    assert calls().count() == 2


def test_taken_back_an_old_address_is_again_as_shared_as_it_is(tmp_path, riverside, grace_in):
    kay = person("Kay", riverside, mail=False)
    bring(families(tmp_path / "new", email="grace@new.example"), riverside, at=NEXT)
    ContactPoint.objects.create(person=kay, kind="email", value="a1@home.example", is_private=True)

    assert actions.undo(Import.objects.latest("pk"), by=None, at=NEXT + DAY) == (1, 0)

    old = ContactPoint.objects.filter(value="a1@home.example")
    assert list(old.values_list("is_private", flat=True)) == [False, False]


def test_an_old_address_that_was_written_down_again_meanwhile_is_no_second_one(tmp_path, riverside, cora, grace_in):
    bring(families(tmp_path / "new", email="grace@new.example"), riverside, at=NEXT)
    lily = Participant.objects.get(person__given_name="Lily")
    add_contact_point(grace_in, about=lily, kind="email", value="a1@home.example", is_shared=False, by=cora, at=NEXT)

    assert actions.undo(Import.objects.latest("pk"), by=None, at=NEXT + DAY) == (0, 1)

    assert reached(grace_in) == [("email", "a1@home.example"), ("email", "grace@new.example")]
