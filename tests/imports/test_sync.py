"""A roster that comes again changes exactly what the school changed, and says so; the rest is left to a person."""

import json
import os
from datetime import date

from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from rapport.audit.models import Event
from rapport.imports import actions, bringing
from rapport.imports.models import Deed, Import, Row
from rapport.imports.schools import read_school
from rapport.onboarding.models import Gate
from rapport.people.actions import correct_birth_date, drop_contact_point, end_guardianship, keep_away, stand_for
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from tests.cast import DAY, MONDAY, WEEK
from tests.imports.school import School, as_it_says, differences, next_year, school, tables, write_set, zipped
from tests.imports.test_long_work import until_done
from tests.imports.test_oneroster import BOTH, bring
from tests.imports.test_pairs_long import killed_at

MANY = 5_000 if os.environ.get("RAPPORT_FULL") else 80
NEXT = MONDAY + WEEK
BEN = School(
    pupils={"p1": ["Ben", "Adler", "o1", "2013-04-02"]},
    adults={"a1": ["Grace", "Adler", "guardian"], "a2": ["Gus", "Adler", "parent"]},
    agents={"p1": ["a1", "a2"]},
)


def everything():
    """Every row of every table, besides the trail and the imports themselves."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in ("audit", "imports")
    }


def told(report):
    return {(one["id"], one["what"], one.get("was"), one.get("now")) for one in report["changes"]}


def living(on):
    """{(child, adult)} by name, of guardianships without an end by that day."""
    rows = Guardianship.objects.select_related("adult", "child")
    return {(one.child.full_name, one.adult.full_name) for one in rows if not one.ends_on or one.ends_on > on}


@BOTH
def test_again_it_changes_nothing_at_all(tmp_path, riverside, version):
    files = write_set(tmp_path / "set", school(MANY), version)
    bring(files, riverside)
    before, last = everything(), Event.objects.latest("pk").pk

    report = bring(files, riverside, at=NEXT)

    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, MANY)
    assert report["changes"] == []
    assert everything() == before
    verbs = set(Event.objects.filter(pk__gt=last).values_list("verb", flat=True))
    assert verbs == {"import.staged", "import.begun", "import.applied"}


@BOTH
def test_with_changes_it_does_exactly_those(tmp_path, riverside, version):
    made = school(MANY)
    bring(write_set(tmp_path / "old", made, version), riverside)
    later = next_year(made, each=MANY // 20)
    files = write_set(tmp_path / "new", later, version)

    report = bring([zipped(files, tmp_path / "new.zip")], riverside, at=NEXT)

    expected = differences(tmp_path / "old", tmp_path / "new")
    assert told(report) == expected
    assert {what for _, what, _, _ in expected} == {
        "new", "gone", "name", "site", "born_on", "guardian", "guardian-ended",
    }  # fmt: skip
    now = as_it_says(tmp_path / "old") | as_it_says(tmp_path / "new")  # who is gone is as before
    pupils = Participant.objects.mentees().select_related("person", "site")
    assert {(p.person.full_name, p.site.name, str(p.person.born_on)) for p in pupils} == {
        one[:3] for one in now.values()
    }
    assert living(NEXT.date()) == {(one[0], adult) for one in now.values() for adult in one[3]}
    assert bring(files, riverside, at=NEXT)["updated"] == 0


def without(made, *adults):
    later = made.copy()
    later.agents["p1"] = [adult for adult in later.agents["p1"] if adult not in adults]
    return later


def test_a_guardian_who_is_gone_ends_and_is_never_deleted(tmp_path, riverside):
    bring(write_set(tmp_path / "old", BEN), riverside)

    bring(write_set(tmp_path / "new", without(BEN, "a1")), riverside, at=NEXT)

    ended = dict(Guardianship.objects.values_list("adult__given_name", "ends_on"))
    assert ended == {"Grace": NEXT.date(), "Gus": None}
    assert Event.objects.filter(verb="guardianship.ended").count() == 1


def test_a_guardian_staff_noted_themselves_stays(tmp_path, riverside, cora):
    bring(write_set(tmp_path / "old", BEN), riverside)
    aunt = Person.objects.create(organization=riverside.organization, given_name="Ann", added_at=MONDAY)
    ben = Person.objects.get(given_name="Ben")
    stand_for(adult=aunt, child=ben, relation="aunt", starts_on=MONDAY.date(), by=cora, at=MONDAY)

    report = bring(write_set(tmp_path / "new", BEN), riverside, at=NEXT)

    assert report["changes"] == []
    assert Guardianship.objects.get(adult=aunt).ends_on is None


def test_one_who_stands_again_by_a_word_of_staff_stays(tmp_path, riverside, cora):
    bring(write_set(tmp_path / "old", BEN), riverside)
    files = write_set(tmp_path / "new", without(BEN, "a1"))
    bring(files, riverside, at=NEXT)
    grace = Guardianship.objects.get(adult__given_name="Grace")
    stand_for(
        adult=grace.adult, child=grace.child, relation="mother", starts_on=NEXT.date(), ends_on=None, by=cora, at=NEXT
    )

    report = bring(files, riverside, at=NEXT + WEEK)

    assert report["changes"] == []
    assert Guardianship.objects.get(pk=grace.pk).ends_on is None


def test_a_roster_that_names_no_guardian_at_all_ends_none(tmp_path, riverside):
    bring(write_set(tmp_path / "old", BEN), riverside)

    report = bring(write_set(tmp_path / "new", without(BEN, "a1", "a2")), riverside, at=NEXT)

    assert report["changes"] == []
    assert len(living(NEXT.date())) == 2


def test_a_guardian_whose_row_is_missing_is_not_taken_for_gone(tmp_path, riverside):
    bring(write_set(tmp_path / "old", BEN), riverside)
    users = [user for user in tables(BEN, "1.1")["users"] if user["sourcedId"] != "a1"]

    report = bring(write_set(tmp_path / "new", BEN, users=users), riverside, at=NEXT)

    assert report["changes"] == []
    assert len(living(NEXT.date())) == 2


def test_what_staff_ended_is_never_made_again(tmp_path, riverside, cora):
    files = write_set(tmp_path / "set", BEN)
    bring(files, riverside)
    end_guardianship(Guardianship.objects.get(adult__given_name="Grace"), ends_on=MONDAY.date(), by=cora, at=MONDAY)

    report = bring(files, riverside, at=NEXT)

    assert report["changes"] == []
    assert living(NEXT.date()) == {("Ben Adler", "Gus Adler")}


def test_whoever_is_kept_away_never_comes_to_stand_for_the_child(tmp_path, riverside, cora):
    """Known to us by name alone, with an id and an address in the roster that we have never seen."""
    bring(write_set(tmp_path / "old", without(BEN, "a2")), riverside)
    gus = Person.objects.create(
        organization=riverside.organization, given_name="Gus", family_name="Adler", added_at=MONDAY
    )
    ben = Person.objects.get(given_name="Ben")
    keep_away(
        program=riverside, kept_away=gus, subject=ben, reason="a court order", document="7/26",
        starts_on=MONDAY.date(), review_on=date(2027, 6, 1), by=cora, at=MONDAY,
    )  # fmt: skip

    report = bring(write_set(tmp_path / "new", BEN), riverside, at=NEXT)

    assert report["changes"] == []
    assert "court" not in json.dumps(report)
    assert living(NEXT.date()) == {("Ben Adler", "Grace Adler")}
    assert Person.objects.filter(given_name="Gus").count() == 1


def test_what_somebody_put_right_here_stays_until_the_school_changes_it(tmp_path, riverside, cora):
    made = BEN.copy()
    users = tables(made, "1.1")["users"]
    users[0] |= {"email": "ben@home.example", "phone": "+12065550100"}
    files = write_set(tmp_path / "old", made, users=users)
    bring(files, riverside)
    ben = Participant.objects.mentees().select_related("person").get()
    Person.objects.filter(pk=ben.person_id).update(given_name="Bea")
    correct_birth_date(ben, born_on=date(2013, 5, 2), by=cora, at=MONDAY)
    drop_contact_point(ben.person.contact_points.get(kind="email"), about=ben, by=cora, at=MONDAY)
    before = everything()

    again = bring(files, riverside, at=NEXT)
    unchanged = everything()
    made.pupils["p1"][3] = "2013-04-20"
    users[0] |= {"email": "ben@new.example"}
    later = bring(write_set(tmp_path / "new", made, users=users), riverside, at=NEXT)

    assert again["changes"] == []
    assert unchanged == before
    assert told(later) == {
        ("p1", "born_on", "2013-05-02", "2013-04-20"),
        ("p1", "email", None, "ben@new.example"),
    }
    assert str(Participant.objects.mentees().get()) == "Bea Adler"


def test_a_pupil_who_is_gone_stays_in_the_match_and_a_person_is_told(tmp_path, riverside, match):
    made = school(3)
    bring(write_set(tmp_path / "old", made), riverside)
    member = match.members.get(side="mentee")
    member.participant = Participant.objects.mentees().get(person__external_ids__value="p0")
    member.save()
    before = everything()
    del made.pupils["p0"], made.agents["p0"]

    report = bring(write_set(tmp_path / "new", made), riverside, at=NEXT)

    assert report["changes"] == [{"row": None, "id": "p0", "what": "gone", "was": member.participant.person.full_name}]
    assert everything() | {"tasks.Task": []} == before


def test_an_id_that_went_to_another_child_is_left_to_a_person(tmp_path, riverside):
    bring(write_set(tmp_path / "old", BEN), riverside)
    later = BEN.copy()
    later.pupils["p1"] = ["Zoe", "Young", "o1", "2016-01-01"]

    report = bring(write_set(tmp_path / "new", later), riverside, at=NEXT)

    assert [(one["row"], one["column"]) for one in report["bad"]] == [(2, "")]
    assert report["changes"] == []
    assert Person.objects.filter(given_name="Ben").exists()


def test_a_corrected_birth_date_stands_in_the_trail_with_both_days(tmp_path, riverside):
    bring(write_set(tmp_path / "old", BEN), riverside)
    later = BEN.copy()
    later.pupils["p1"][3] = "2008-04-02"

    bring(write_set(tmp_path / "new", later), riverside, at=NEXT)

    said = Event.objects.get(verb="participant.birth-date")
    assert said.facts == {"born_on": ["2013-04-02", "2008-04-02"]}
    assert Gate.objects.count() == 0


def test_what_ended_a_guardianship_is_not_taken_back_by_itself(tmp_path, riverside):
    bring(write_set(tmp_path / "old", BEN), riverside)
    bring(write_set(tmp_path / "new", without(BEN, "a1")), riverside, at=NEXT)

    assert actions.undo(Import.objects.latest("pk"), by=None, at=NEXT + DAY) == (0, 1)
    assert len(living(NEXT.date())) == 1


def test_a_rehearsal_tells_the_same_and_changes_nothing(tmp_path, riverside):
    made = school(30)
    bring(write_set(tmp_path / "old", made), riverside)
    files = write_set(tmp_path / "new", next_year(made, each=1))
    before = everything()

    rehearsed = bring(files, riverside, at=NEXT, dry_run=True)
    after = everything()

    assert after == before
    assert told(rehearsed) == told(bring(files, riverside, at=NEXT))


def test_the_command_tells_the_changes(tmp_path, riverside, capsys):
    files = write_set(tmp_path / "set", BEN)
    place = zipped(files, tmp_path / "set.zip")

    call_command("import", str(place), "--program", "riverside", "--as", "roster", "--json")

    said = json.loads(capsys.readouterr().out)
    assert (said["program"], said["as"], said["rows"], said["created"], said["bad"]) == (
        "riverside",
        "roster",
        1,
        1,
        [],
    )
    assert said["changes"] == [
        {"row": 2, "id": "p1", "what": "new", "now": "Ben Adler"},
        {"row": 2, "id": "p1", "what": "guardian", "now": "Grace Adler"},
        {"row": 2, "id": "p1", "what": "guardian", "now": "Gus Adler"},
    ]


def what_a_roster_left():
    """People, schools, guardianships and the report, without keys and random names."""
    pupils = Participant.objects.order_by("person__external_ids__value")
    rows = Row.objects.filter(source=Import.objects.latest("pk")).order_by("number")
    return (
        list(pupils.values_list("person__given_name", "person__family_name", "person__born_on", "site__name")),
        sorted(Guardianship.objects.values_list("adult__given_name", "child__given_name", "ends_on").order_by()),
        sorted(ContactPoint.objects.values_list("person__given_name", "value", "is_private")),
        [(number, outcome, [one | {"key": 0} for one in changes])
         for number, outcome, changes in rows.values_list("number", "outcome", "changes")],
        sorted((deed.row.number, sorted(deed.made), sorted(deed.was)) for deed in Deed.objects.select_related("row")),
        told(bringing.told(rows[0].source, rows[0].source.counts)),
    )  # fmt: skip


def test_killed_at_any_batch_a_roster_is_reported_as_if_it_never_was(tmp_path, riverside, cora, monkeypatch):
    made = school(24)
    bring(write_set(tmp_path / "old", made), riverside)
    files = write_set(tmp_path / "new", next_year(made, each=1))
    for module in (actions.staging, actions.applying):
        monkeypatch.setattr(module, "BATCH", 5)

    def do():
        staged = Import.objects.latest("pk")
        if staged.state == "staged":
            actions.ask_to_apply(staged, by=cora, at=NEXT)
        until_done()

    expected = None
    for batch in range(6):  # the first is not killed: 24 pupils are five batches
        begin = transaction.savepoint()
        roster = read_school(files, on=NEXT.date())
        actions.stage_roster(roster, file_name="new", program=riverside, by=cora, at=NEXT)
        killed_at(monkeypatch, batch, do, [actions.applying]) if batch else do()
        assert Import.objects.latest("pk").state == "applied"
        expected = expected or what_a_roster_left()
        assert what_a_roster_left() == expected
        transaction.savepoint_rollback(begin)
    assert expected[-1] == differences(tmp_path / "old", tmp_path / "new")


def test_a_roster_stopped_on_the_way_goes_on_and_what_is_in_is_known_as_said(tmp_path, riverside, cora, monkeypatch):
    monkeypatch.setattr(actions.applying, "BATCH", 5)
    files = write_set(tmp_path / "set", school(12))
    roster = read_school(files, on=MONDAY.date())
    staged = actions.stage_roster(roster, file_name="set", program=riverside, by=cora, at=MONDAY)
    actions.ask_to_apply(staged, by=cora, at=MONDAY)
    actions.work_next(tell=lambda one: actions.ask_to_stop(one, by=cora, at=MONDAY) if not one.stop_asked_at else None)
    staged.refresh_from_db()
    assert (staged.state, staged.rows_applied, Participant.objects.count()) == ("stopped", 5, 5)

    first = Person.objects.get(external_ids__value="p0")
    Person.objects.filter(pk=first.pk).update(family_name="Put-Right")
    actions.ask_to_apply(staged, by=cora, at=MONDAY)
    until_done()
    report = bring(files, riverside, at=NEXT)

    assert (Import.objects.get(pk=staged.pk).counts["new"], Participant.objects.count()) == (12, 12)
    assert (report["unchanged"], report["changes"]) == (12, [])
    assert Person.objects.get(pk=first.pk).family_name == "Put-Right"
