"""What each column is, is asked once: by the page, remembered, and never of what may not come in."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rapport.imports import actions
from rapport.imports.actions.columns import WAITS
from rapport.imports.bringing import bring_in
from rapport.imports.mapping import MONTH_FIRST, MappingRefused
from rapport.imports.models import Import, MappingMemory, Row
from rapport.people.models import Guardianship, Participant, Person
from tests.cast import DAY, MONDAY

TEXT = (
    "Pupil,Contact,Born,Password,Ethnicity,Colour\n"
    "Ben Adler,ben@example.org,3/4/2012,s3cret-canary,origin-canary,red\n"
    "Rosa Diaz,rosa@example.org,5/6/2012,s3cret-canary,origin-canary,blue\n"
)
SETTLED = {"c0": "full_name", "c1": "email", "c2": MONTH_FIRST, "c4": "", "c5": "trait.colour"}


@pytest.fixture
def coras(as_user, cora):
    return as_user(cora)


def send(browser, text=TEXT, *, what="mentees", program="riverside"):
    file = SimpleUploadedFile("pupils.csv", text.encode(), content_type="text/csv")
    return browser.post(f"/p/{program}/imports/new/", {"what": what, "sent": [file]}).url


def kept_files():
    refs = Import.objects.values_list("ref", flat=True)
    return [ref for ref in refs if default_storage.exists(f"imports/{ref}")]


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    """Do something, and what follows when it is sure."""

    def do(deed, *args, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return deed(*args, **more)

    return do


def test_each_column_is_asked_with_what_it_looks_like(coras, riverside):
    where = send(coras)
    page = coras.get(where)
    form = page.context["form"]

    assert {form[name].label: form[name].value() for name in form.names} == {
        "Pupil": "full_name", "Contact": "email", "Born": "?", "Ethnicity": "", "Colour": "",
    }  # fmt: skip
    said = page.content.decode()
    assert "ben@example.org" in said
    assert "canary" not in said
    assert "Passwords are never kept." in said
    assert (Import.objects.get().state, Row.objects.count()) == ("mapping", 0)


def test_what_was_chosen_is_read_and_the_file_is_gone(coras, riverside, done):
    where = send(coras)

    page = coras.get(done(coras.post, where, SETTLED).url).content.decode()
    coras.post(f"/p/riverside/imports/{Import.objects.get().ref}/", {"do": "apply"})

    assert "This list would add 2 and change 0." in page
    assert kept_files() == []
    ben = Participant.objects.get(person__given_name="Ben")
    assert (ben.person.family_name, str(ben.person.born_on), ben.traits) == ("Adler", "2012-03-04", {"colour": "red"})
    kept = [str(row) for model in (Import, Row, Person, MappingMemory) for row in model.objects.values()]
    assert [text for text in kept if "canary" in text] == []


def test_the_same_headings_the_next_month_are_taken_as_last_time(coras, riverside):
    coras.post(send(coras), SETTLED)

    where = send(coras, TEXT.replace("Ben", "Lily").replace("ben@", "lily@"))
    page = coras.get(where).content.decode()

    assert "/columns/" not in where
    assert "Taken as last time." in page
    assert "This list would add 2 and change 0." in page


def test_what_was_taken_as_last_time_can_be_changed(coras, riverside, done):
    done(coras.post, send(coras), SETTLED)
    where = send(coras)

    again = coras.get(where + "columns/")
    assert again.context["form"]["c2"].value() == MONTH_FIRST
    done(coras.post, where + "columns/", SETTLED | {"c5": ""})

    ref = where.split("/")[-2]
    assert Import.objects.get(ref=ref).mapping["left_out"]["Colour"] == "left out on purpose"
    assert Row.objects.filter(source__ref=ref).count() == 2
    assert "Taken as last time" not in coras.get(where).content.decode()
    assert kept_files() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"c2": "?"}, "Say which comes first, the day or the month."),
        ({"c0": ""}, "No column is a name yet"),
        ({"c1": ""}, "a second list could not know them again"),
        ({"c1": "full_name"}, "Two columns would both be"),
        ({"c1": "password"}, "Select a valid choice"),
        ({"c1": "trait.other"}, "Select a valid choice"),
        ({"c3": "trait.password"}, ""),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_read(coras, riverside, change, said):
    where = send(coras)

    response = coras.post(where, SETTLED | change)

    if not said:  # there is no such choice on the page; what is typed all the same is not listened to
        assert response.status_code == 302
        assert "canary" not in str(list(Row.objects.values()))
        return
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Row.objects.count() == 0


def test_looking_counts_what_is_missing_and_reads_nothing(coras, riverside):
    where = send(coras, "Pupil,Contact,Born\nBen,ben@example.org,\n,rosa@example.org,\nSam,nowhere,\n")

    page = coras.post(where, {"c0": "full_name", "c1": "email", "c2": "", "do": "look"})

    assert page.status_code == 200
    assert page.context["tried"] == {
        "rows": 3, "readable": 1,
        "lines": [("Pupil", "There is no name.", 1), ("Contact", "'nowhere' is no e-mail address.", 1)],
    }  # fmt: skip
    assert "1 of the first 3 rows can come in." in page.content.decode()
    assert Row.objects.count() == 0


def test_a_protected_column_is_kept_when_it_is_chosen_on_purpose(coras, riverside):
    where = coras.post(send(coras), SETTLED | {"c4": "trait.ethnicity"}).url
    coras.post(where, {"do": "apply"})

    assert Participant.objects.get(person__given_name="Ben").traits["ethnicity"] == "origin-canary"


def test_dropping_a_list_that_waits_forgets_its_file(coras, riverside, done):
    where = send(coras)

    done(coras.post, where.removesuffix("columns/"), {"do": "drop"})

    assert (Import.objects.get().state, kept_files()) == ("dropped", [])
    assert coras.get(where).status_code == 302


def test_a_list_whose_columns_nobody_named_is_gone_after_a_day(coras, riverside, done):
    where = send(coras)
    now = timezone.now()

    assert actions.forget_files(at=now + WAITS / 2, limit=10) == 0
    assert done(actions.forget_files, at=now + WAITS + DAY, limit=10) == 1

    assert (Import.objects.get().state, kept_files()) == ("dropped", [])
    assert coras.get(where).status_code == 302
    assert actions.forget_files(at=now + WAITS + DAY, limit=10) == 0


@pytest.fixture
def own_files(settings, tmp_path):
    """A file store where no other test has left anything."""
    store = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": store}


def test_a_file_that_no_row_names_is_gone_after_a_day(riverside, done, own_files):
    """Whoever brought it was cut off before its row stood."""
    stray = default_storage.save("imports/stray", ContentFile(TEXT.encode()))
    elsewhere = default_storage.save("letters/stray", ContentFile(b"not of a list"))
    held = actions.hold(ContentFile(TEXT.encode(), name="a.csv"), what="mentees", program=riverside, by=None, at=MONDAY)
    Import.objects.update(state="reading")
    now = timezone.now()

    done(actions.forget_files, at=now + WAITS / 2, limit=10)
    assert default_storage.exists(stray)
    assert done(actions.forget_files, at=now + WAITS + DAY, limit=10) == 0

    there = [default_storage.exists(name) for name in (stray, elsewhere, held.kept_file)]
    assert there == [False, True, True]


def test_where_no_list_was_ever_kept_nothing_is_swept(db, own_files):
    assert actions.forget_files(at=timezone.now(), limit=10) == 0


def test_another_program_remembers_nothing_of_it_and_omar_finds_nothing(coras, as_user, riverside, hillside, omar):
    where = send(coras)
    ref = where.split("/")[-3]
    coras.post(where, SETTLED)
    elsewhere = send(as_user(omar), program="hillside")

    assert elsewhere.endswith("/columns/")
    for address in (where, f"/p/hillside/imports/{ref}/columns/"):
        assert as_user(omar).get(address).status_code == 404
        assert as_user(omar).post(address, SETTLED).status_code == 404
    assert coras.get(elsewhere).status_code == 404


def test_a_double_click_reads_once(coras, riverside):
    where = send(coras)

    first, second = coras.post(where, SETTLED), coras.post(where, SETTLED)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Row.objects.count() == 2


def test_a_guardian_is_chosen_on_the_page(coras, riverside):
    text = "Pupil,No,Adult,Mail\nBen Adler,7,Grace Adler,grace@example.org\nRosa Diaz,8,Luz Diaz,luz@example.org\n"
    chosen = {"c0": "full_name", "c1": "external_id", "c2": "guardian_full_name", "c3": "guardian_email"}

    where = coras.post(send(coras, text), chosen).url
    coras.post(where, {"do": "apply"})

    assert sorted(Guardianship.objects.values_list("adult__given_name", "child__given_name")) == [
        ("Grace", "Ben"), ("Luz", "Rosa"),
    ]  # fmt: skip


def by_command(file, riverside, **options):
    return bring_in([file], what="mentees", program=riverside, at=MONDAY, **options)


def test_the_command_takes_a_list_as_the_page_was_told(coras, riverside, tmp_path):
    coras.post(send(coras), SETTLED)
    file = tmp_path / "pupils.csv"
    file.write_text(TEXT)

    report = by_command(file, riverside)

    assert (report["created"], report["bad"]) == (2, [])
    assert str(Person.objects.get(given_name="Ben").born_on) == "2012-03-04"


def test_the_command_asks_for_a_word_where_days_can_be_read_in_two_ways(riverside, tmp_path):
    file, told = tmp_path / "pupils.csv", tmp_path / "map.toml"
    file.write_text("name,email,born\nBen,ben@example.org,3/4/2012\n")
    told.write_text('born = "born_on.month_first"\n')

    with pytest.raises(MappingRefused) as refusal:
        by_command(file, riverside)
    assert '"born" = "born_on.day_first"' in str(refusal.value)
    by_command(file, riverside, map_file=told)
    assert str(Person.objects.get().born_on) == "2012-03-04"
    assert by_command(file, riverside)["unchanged"] == 1  # as last time


def test_what_was_typed_before_the_session_ended_is_laid_out_and_not_pressed(
    coras, cora, as_user, riverside, tmp_path, settings
):
    settings.RAPPORT_DIR, settings.FIELD_KEYS = tmp_path, []
    where = send(coras)
    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        sent = coras.post(where, SETTLED, follow=True)

    page = as_user(cora).get(sent.wsgi_request.GET["next"])

    assert page.status_code == 200
    assert Import.objects.get().state == Import.State.MAPPING
