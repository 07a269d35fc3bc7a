"""A list that came in is taken back while nothing hangs on it: exactly what it did, and nothing else."""

import threading
from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from rapport.audit.models import Event
from rapport.core.pointing import relations_to
from rapport.imports import actions
from rapport.imports.actions import taking_back, undoing
from rapport.imports.actions.applying import AlreadyDone
from rapport.imports.bringing import bring_in
from rapport.imports.models import Deed, Import
from rapport.people.actions import add_contact_point, change_participant, end_guardianship, keep_away, stand_for
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from tests.cast import DAY, MONDAY, gates_met, open_match, participant, person
from tests.imports.test_roster import roster
from tests.imports.test_samples import LISTS, SAMPLES

__all__ = ["roster"]
HEADINGS = "first name,family name,email,phone,date of birth,parent name,parent email,colour\n"
BEN = "Ben,Adler,ben@school.example,,2014-03-02,Grace Adler,grace@home.example,red\n"
LILY = "Lily,Adler,lily@school.example,,2015-04-05,Grace Adler,grace@home.example,blue\n"
LEFT_OUT = {"audit", "imports", "contenttypes", "sessions", "usersessions"}


def tables():
    """Every row of every table, besides the trail and the imports themselves."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in LEFT_OUT
    }


@pytest.fixture
def bring(tmp_path, riverside):
    def brought(text, what="mentees", at=MONDAY):
        file = tmp_path / "list.csv"
        file.write_text(text)
        bring_in([file], what=what, program=riverside, at=at)
        return Import.objects.latest("pk")

    return brought


def undo(staged, by=None):
    return actions.undo(staged, by=by, at=MONDAY + DAY)


def test_import_then_undo_is_as_before(bring, riverside):
    before = tables()
    staged = bring(HEADINGS + BEN + LILY)
    assert tables() != before

    assert undo(staged) == (2, 0)
    assert tables() == before


def test_what_was_changed_is_as_before(bring, riverside):
    bring(HEADINGS + BEN)
    before = tables()
    staged = bring(HEADINGS + "Ben,Adler-Cole,ben@school.example,+12065550100,2014-03-03,Luz Cole,,green\n" + LILY)
    assert staged.counts["changed"] == 1

    undo(staged)

    assert tables() == before


def test_a_list_is_taken_back_once_a_later_one_about_the_same_people_is(bring, riverside, cora):
    before = tables()
    first = bring(HEADINGS + BEN + LILY)
    second = bring(HEADINGS + BEN.replace("Adler", "Adler-Cole", 1) + LILY, at=MONDAY + DAY)
    assert (second.counts["changed"], Participant.objects.get(person__family_name="Adler-Cole").pk > 0) == (1, True)

    assert undo(first) == (1, 1)
    assert undo(second) == (1, 0)
    assert undo(first) == (2, 0)

    assert tables() == before


def test_a_family_s_address_is_private_again(bring, riverside):
    kay = person("Kay", riverside, family_name="Fein")
    before = tables()
    staged = bring(HEADINGS + "Ben,Fein,kay@example.org,,,,,\n")
    assert not ContactPoint.objects.get(person=kay).is_private

    undo(staged)

    assert tables() == before


def test_a_roster_taken_back_leaves_nothing(roster, riverside):
    before = tables()
    bring_in(roster(), what="roster", program=riverside, at=MONDAY)

    undo(Import.objects.get())

    assert tables() == before


def test_a_roster_that_is_dropped_leaves_nothing_either(roster, riverside):
    before = tables()

    bring_in(roster(), what="roster", program=riverside, dry_run=True, at=MONDAY)

    assert tables() == before


@pytest.mark.parametrize("name", LISTS)
def test_every_list_others_have_written_can_be_taken_back(riverside, name):
    what, expected = LISTS[name]
    if expected["updated"]:
        bring_in([SAMPLES / "volunteer-imports/volunteers.csv"], what=what, program=riverside, at=MONDAY)
    before = tables()
    bring_in([SAMPLES / name], what=what, program=riverside, at=MONDAY)
    staged = Import.objects.latest("pk")

    undo(staged)

    assert tables() == before


def in_a_match(ben, riverside, cora):
    mentor = participant(person("Ama", riverside), riverside, "mentor")
    open_match(mentor, ben, coordinator=cora)


def with_a_check(ben, riverside, cora):
    gates_met(ben, "assent", by=cora)


def with_another_site(ben, riverside, cora):
    change_participant(ben, site=riverside.sites.first(), language="fr", capacity=1, by=cora, at=MONDAY)


def with_another_way(ben, riverside, cora):
    way = {"kind": "letter", "value": "12 Hill Road", "is_shared": True}
    add_contact_point(ben.person, about=ben, **way, by=cora, at=MONDAY)


def with_another_guardian(ben, riverside, cora):
    gus = person("Gus", riverside, born_on=date(1980, 1, 1))
    stand_for(adult=gus, child=ben.person, relation="father", starts_on=MONDAY.date(), by=cora, at=MONDAY)


def with_another_name(ben, riverside, cora):
    Person.objects.filter(pk=ben.person_id).update(family_name="Cole")
    Event.objects.create(
        verb="person.changed", at=MONDAY, actor_label="Cora", about_type="people.person", about_id=ben.person_id
    )


CHANGED = "Something about them was changed since."
HANGS = [
    (in_a_match, "They are in a match."),
    (with_a_check, "A check of theirs has been recorded."),
    (with_another_site, CHANGED),
    (with_another_way, CHANGED),
    (with_another_guardian, "Somebody stands for them, or they for somebody."),
    (with_another_name, CHANGED),
]


@pytest.mark.parametrize(("happens", "reason"), HANGS)
def test_whoever_something_hangs_on_stays_with_the_reason(bring, riverside, cora, happens, reason):
    staged = bring(HEADINGS + BEN + LILY)
    happens(Participant.objects.get(person__given_name="Ben"), riverside, cora)
    before = tables()

    assert undo(staged) == (1, 1)

    assert [(deed.row.number, deed.stays) for deed in Deed.objects.exclude(stays="")] == [(2, reason)]
    gone = {"people.Person", "people.Participant", "people.ContactPoint", "people.Guardianship"}
    assert [name for name, rows in tables().items() if rows != before[name] and name not in gone] == []
    assert sorted(Guardianship.objects.filter(adult__given_name="Grace").values_list("child__given_name")) == [("Ben",)]
    assert not Person.objects.filter(given_name="Lily").exists()


def test_nobody_hears_from_a_reason_what_is_sealed(bring, riverside, cora):
    """A concern, a restriction, a consent: something."""
    staged = bring(HEADINGS + BEN)
    gus = person("Gus", riverside)
    more = {"reason": "an order", "document": "", "starts_on": MONDAY.date(), "review_on": MONDAY.date() + 9 * DAY}
    keep_away(
        program=riverside, kept_away=gus, subject=Person.objects.get(given_name="Ben"), by=cora, at=MONDAY, **more
    )

    assert undo(staged) == (0, 1)
    assert Deed.objects.get().stays == "Something has been recorded about them since."


def test_a_second_press_changes_nothing(bring, riverside):
    staged = bring(HEADINGS + BEN)
    undo(staged)
    before = tables()

    with pytest.raises(AlreadyDone):
        undo(staged)
    assert tables() == before
    assert Event.objects.filter(verb="import.undone").count() == 1


def test_every_relation_to_a_person_is_looked_at():
    models = {(model._meta.label, field) for model, field in relations_to(Person)}

    assert {("people.Consent", "given_by"), ("people.Restriction", "kept_away"), ("outbox.Message", "to")} <= models
    assert {("matches.Member", "participant"), ("onboarding.Gate", "participant")} <= {
        (model._meta.label, field) for model, field in relations_to(Participant)
    }


BEN_OTHERWISE = BEN.replace("Adler,ben", "Cole,ben")
LILY_OTHERWISE = LILY.replace("2015-04-05", "2015-04-06")


@pytest.mark.django_db(transaction=True)
def test_what_somebody_writes_meanwhile_waits_until_it_is_taken_back(bring, monkeypatch):
    bring(HEADINGS + BEN)
    staged = bring(HEADINGS + BEN_OTHERWISE)
    look, done = undoing.why_they_stay, threading.Event()

    def rename():
        Person.objects.filter(given_name="Ben").update(family_name="Meanwhile")
        done.set()
        connection.close()

    writer = threading.Thread(target=rename)

    def look_while_somebody_writes(deeds):
        reasons = look(deeds)
        writer.start()
        assert not done.wait(0.2)
        return reasons

    monkeypatch.setattr(undoing, "why_they_stay", look_while_somebody_writes)
    actions.ask_to_undo(staged, here=True, by=None, at=MONDAY + DAY)
    assert taking_back.undo_batch(staged) == 1
    writer.join()

    assert Person.objects.get(given_name="Ben").family_name == "Meanwhile"


def test_only_what_a_row_changed_is_written_back(bring, monkeypatch):
    bring(HEADINGS + BEN + LILY)
    staged = bring(HEADINGS + BEN_OTHERWISE + LILY_OTHERWISE)
    assert staged.counts["changed"] == 2
    records_of = undoing.records_of

    def records_before_somebody_wrote(deeds):
        found = records_of(deeds)
        Person.objects.filter(given_name="Lily").update(family_name="Meanwhile")
        return found

    monkeypatch.setattr(undoing, "changed_since", lambda deeds: {})
    monkeypatch.setattr(undoing, "records_of", records_before_somebody_wrote)
    actions.ask_to_undo(staged, here=True, by=None, at=MONDAY + DAY)
    assert taking_back.undo_batch(staged) == 2

    family = Person.objects.exclude(born_on=None).order_by("given_name")
    assert list(family.values_list("given_name", "family_name", "born_on")) == [
        ("Ben", "Adler", date(2014, 3, 2)), ("Lily", "Meanwhile", date(2015, 4, 5)),
    ]  # fmt: skip


# By the page


def test_by_the_page_it_asks_first_then_says_what_went_and_what_stays(as_user, bring, riverside, cora):
    staged = bring(HEADINGS + BEN + LILY)
    in_a_match(Participant.objects.get(person__given_name="Ben"), riverside, cora)
    coras, where = as_user(cora), f"/p/riverside/imports/{staged.ref}/"

    assert "Take it back" in coras.get(where).content.decode()
    asked = coras.get(where + "undo/").content.decode()
    assert "Take back 2 new and 0 changed?" in asked
    assert Person.objects.filter(given_name="Lily").exists()
    done = coras.post(where + "undo/", follow=True).content.decode()

    assert "This list was taken back: 1 are as before, 1 stay." in done
    assert "They are in a match." in done
    again = coras.post(where + "undo/", follow=True).content.decode()
    assert "Try the rest again" in again  # what stays may go later, and stays until then
    assert "This list was taken back: 1 are as before, 1 stay." in again
    assert "Take this list back?" in coras.get(where + "undo/").content.decode()


def test_omar_takes_nothing_back(as_user, bring, riverside, omar, dele):
    staged = bring(HEADINGS + BEN)

    for user in (omar, dele):
        for address in (f"/p/riverside/imports/{staged.ref}/undo/", f"/p/hillside/imports/{staged.ref}/undo/"):
            assert as_user(user).post(address).status_code == 404
    assert Person.objects.filter(given_name="Ben").exists()


def test_many_rows_take_queries_by_the_batch(bring, riverside, django_assert_max_num_queries):
    staged = bring(HEADINGS + "".join(f"Given{n},F,p{n}@example.org,,,,,\n" for n in range(400)))

    with django_assert_max_num_queries(400):
        assert undo(staged) == (400, 0)


def test_a_guardianship_that_staff_ended_since_is_not_forgotten(bring, cora):
    staged = bring(HEADINGS + BEN)
    row = Guardianship.objects.get()
    end_guardianship(row, ends_on=MONDAY.date(), by=cora, at=MONDAY + DAY)

    assert undo(staged) == (0, 1)
    assert Guardianship.objects.get().ends_on == MONDAY.date()
