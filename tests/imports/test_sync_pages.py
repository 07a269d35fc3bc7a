"""What a roster changes, and what it leaves to a person, stands on its page; about restrictions only for a few."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rapport.imports.models import Import
from rapport.people.actions import end_guardianship, keep_away
from rapport.people.models import Guardianship, Person
from tests.cast import open_match, participant, staff
from tests.imports.school import School, school, write_set, zipped
from tests.imports.test_oneroster import bring

BEN = School(
    pupils={"p1": ["Benji", "Adler", "o1", "2014-04-02"], "p2": ["Suki", "Cole", "o2", "2014-05-03"]},
    adults={"a1": ["Gracelyn", "Adler", "guardian"], "a2": ["Gustavo", "Adler", "parent"]},
    agents={"p1": ["a1", "a2"], "p2": []},
)
NOW = timezone.now()
HELD = "Guardians who were not taken over"


@pytest.fixture
def cleo(riverside):
    """Coordinates, and may know of restrictions."""
    return staff("Cleo", riverside, "coordinator", "safeguarding-lead")


def send(browser, files):
    sent = [SimpleUploadedFile(file.name, file.read_bytes()) for file in files]
    return browser.post("/p/riverside/imports/new/", {"what": "roster", "sent": sent})


def read(browser, where):
    return browser.get(where).content.decode()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_zip_and_its_files_come_in_by_the_page(as_user, cora, riverside, tmp_path, version):
    coras, files = as_user(cora), write_set(tmp_path / "set", BEN, version)

    where = send(coras, [zipped(files, tmp_path / "School 2026.zip")]).url
    page = read(coras, where)
    coras.post(where, {"do": "apply"})
    again = read(coras, send(coras, files).url)

    assert "This list would add 2 and change 0." in page
    assert "Now a guardian: Gracelyn Adler" in page
    assert "This list would add 0 and change 0." in again
    assert "canary" not in page + again


def test_changes_stand_row_by_row_and_are_kept(as_user, cora, riverside, tmp_path):
    coras, later = as_user(cora), BEN.copy()
    bring(write_set(tmp_path / "old", BEN), riverside, at=NOW)
    later.pupils["p2"] = ["Susan", "Cole", "o3", "2014-05-04"]
    later.agents["p1"] = ["a1"]

    where = send(coras, write_set(tmp_path / "new", later)).url
    before = read(coras, where)
    coras.post(where, {"do": "apply"})
    after = read(coras, where)

    for page in (before, after):
        for words in (
            "Name: Suki Cole, now Susan Cole", "School: South School, now East School",
            "Date of birth: 3 May 2014, now 4 May 2014", "On the roster no more, guardian until now: Gustavo Adler",
        ):  # fmt: skip
            assert words in page


def test_who_is_gone_is_named_with_whether_they_are_in_a_match(as_user, cora, riverside, ama, tmp_path):
    coras = as_user(cora)
    bring(write_set(tmp_path / "old", BEN), riverside, at=NOW)
    suki = Person.objects.get(given_name="Suki").participations.get()
    match = open_match(participant(ama, riverside, "mentor"), suki, coordinator=cora)
    later = BEN.copy()
    del later.pupils["p2"], later.agents["p2"]

    where = send(coras, write_set(tmp_path / "new", later)).url
    page = read(coras, where)
    coras.post(where, {"do": "apply"})

    assert "On the roster no more" in page
    assert suki.get_absolute_url() in page
    assert "South School · in a match" in page
    assert suki.get_absolute_url() in read(coras, where)
    match.refresh_from_db()
    assert match.is_open


@pytest.mark.parametrize("why", ["ended", "kept away", "kept away, and spelled otherwise"])
def test_only_those_who_may_know_see_which_guardian_was_not_taken_over(as_user, cora, cleo, riverside, tmp_path, why):
    files = write_set(tmp_path / "set", BEN)
    bring(files, riverside, at=NOW - timedelta(days=9))
    pair = Guardianship.objects.get(adult__given_name="Gustavo")
    end_guardianship(pair, ends_on=NOW.date() - timedelta(days=3), by=cleo, at=NOW)
    if why == "kept away, and spelled otherwise":
        Person.objects.filter(pk=pair.adult_id).update(given_name="Gus")
        pair.adult.external_ids.all().delete()
        pair.adult.contact_points.all().delete()
    if why != "ended":
        Guardianship.objects.filter(pk=pair.pk).delete()
        keep_away(
            program=riverside, kept_away=pair.adult, subject=pair.child, reason="the court said so", document="",
            starts_on=NOW.date(), review_on=date(2030, 1, 1), by=cleo, at=NOW,
        )  # fmt: skip

    where = send(as_user(cleo), files).url
    as_user(cleo).post(where, {"do": "apply"})
    cleos, coras = read(as_user(cleo), where), read(as_user(cora), where)

    assert HELD in cleos
    assert "Gustavo Adler" in cleos
    assert "the court said so" not in cleos
    assert HELD not in coras
    assert "Gustavo" not in coras
    assert list(Guardianship.objects.filter(ends_on=None).values_list("adult__given_name", flat=True)) == ["Gracelyn"]


def test_the_page_needs_no_more_queries_for_more_pupils(
    as_user, cora, riverside, tmp_path, django_assert_max_num_queries
):
    coras = as_user(cora)
    bring(write_set(tmp_path / "old", school(40)), riverside, at=NOW)
    where = send(coras, write_set(tmp_path / "new", school(3))).url
    staged = Import.objects.latest("pk")

    with django_assert_max_num_queries(40) as many:
        coras.get(where)
    Import.objects.filter(pk=staged.pk).update(mapping=staged.mapping | {"gone": staged.mapping["gone"][:1]})
    with django_assert_max_num_queries(40) as one:
        coras.get(where)

    assert (len(staged.mapping["gone"]), len(many)) == (37, len(one))
