"""Lists come in by the page: looked at first, brought in by pressing, and what is wrong goes home as a file."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.imports import uploads
from rapport.imports.models import Import, Row
from rapport.people.models import Guardianship, Participant, Person, Restriction
from tests.cast import LONG_AGO, MONDAY, staff

HEADINGS = "first name,last name,email,password,race,favourite colour\n"
GOOD = HEADINGS + "Kofi,Boateng,kofi@example.org,secret1,x,red\nRosa,Diaz,rosa@example.org,secret2,x,blue\n"
BAD = GOOD + "Nobody,,nowhere,secret3,x,green\n=cmd(),,,secret4,x,\n"


def bring(browser, text, *, what="mentors", name="mentors.csv", program="riverside"):
    body = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, body, content_type="text/csv")
    response = browser.post(f"/p/{program}/imports/new/", {"what": what, "sent": [file]})
    return as_taken(browser, response) if getattr(response, "url", "").endswith("/columns/") else response


def as_taken(browser, asked):
    """Say that each column is what it is taken for."""
    form = browser.get(asked.url).context["form"]
    return browser.post(asked.url, {name: form[name].value() for name in form.names})


@pytest.fixture
def coras(as_user, cora):
    return as_user(cora)


def test_a_list_is_looked_at_then_brought_in(coras, riverside):
    response = bring(coras, BAD)
    page = coras.get(response.url).content.decode()

    assert "This list would add 2 and change 0." in page
    assert "2 rows must be put right" in page
    assert "kofi@example.org" in page
    assert "Passwords are never kept." in page
    assert "protected" in page
    assert "left out on purpose" in page
    assert "Family name" in page
    assert "given_name" not in page
    assert "secret" not in page
    assert Participant.objects.count() == 0

    done = coras.post(response.url, {"do": "apply"}, follow=True).content.decode()

    assert "Brought in: 2 new, 0 changed, 0 unchanged." in done
    assert "This list added 2 and changed 0." in done
    assert sorted(Participant.objects.values_list("person__given_name", flat=True)) == ["Kofi", "Rosa"]


def test_pressing_twice_is_refused_on_the_same_page(coras, riverside):
    where = bring(coras, GOOD).url
    coras.post(where, {"do": "apply"})

    again = coras.post(where, {"do": "apply"})

    assert (again.status_code, Participant.objects.count()) == (409, 2)
    assert "This list has been dealt with already." in again.content.decode()


def test_dropping_touches_nobody(coras, riverside):
    where = bring(coras, GOOD).url

    coras.post(where, {"do": "drop"})

    assert (Import.objects.get().state, Row.objects.count(), Participant.objects.count()) == ("dropped", 0, 0)
    assert "This list was dropped." in coras.get(where).content.decode()


def test_bad_rows_go_home_with_the_reason_and_without_what_was_left_out(coras, riverside):
    where = bring(coras, BAD).url

    file = coras.get(where + "to-put-right/")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))

    assert file.headers["Content-Disposition"].startswith("attachment")
    assert rows[0][:3] == ["first name", "last name", "email"]
    assert rows[0][3] == "row in the file"
    assert [row[0] for row in rows[1:]] == ["Nobody", "'=cmd()"]
    assert rows[1][3:5] == ["4", "email"]
    assert "no e-mail address" in rows[1][5]
    assert "secret" not in file.content.decode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"PK\x03\x04 and more", "This workbook cannot be read: it is damaged."),
        (b"%PDF-1.7", "This is no list of rows."),
        (b"\x00\x01\x02\x03", "This is no text."),
        (b"   \n ", "This file is empty."),
        (b"first name,first name\na,b\n", "stands there twice"),
        (b'first name,email\n"open,a@example.org\n', "quotation mark"),
        (b"first name,email\nAma,ama@example.org\n" + b'Ben,"x' + b"y" * 200_000, "cannot be read"),
    ],
)
def test_a_wrong_file_gets_a_clear_sentence_and_nothing_is_staged(coras, riverside, body, said):
    response = bring(coras, body)

    assert response.status_code == 422
    assert said in response.content.decode().replace("&#x27;", "'")
    assert Import.objects.count() == Row.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"what": "mentors"}, {"what": "owls"}, {"sent": "not a file", "what": "mentors"}])
def test_half_a_form_is_said(coras, riverside, sent):
    assert coras.post("/p/riverside/imports/new/", sent).status_code == 422
    assert Import.objects.count() == 0


def test_two_lists_at_a_time_are_refused(coras, riverside):
    files = [SimpleUploadedFile(f"{n}.csv", GOOD.encode()) for n in range(2)]

    response = coras.post("/p/riverside/imports/new/", {"what": "mentors", "sent": files})

    assert response.status_code == 422
    assert "One list at a time" in response.content.decode()


def test_too_long_a_list_asks_for_the_command(coras, riverside, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)

    response = bring(coras, GOOD)

    assert response.status_code == 422
    assert "rapport import" in response.content.decode()
    assert Import.objects.count() == Row.objects.count() == 0


def test_a_roster_brings_pupils_and_their_guardians(coras, riverside):
    files = {
        "users.csv": "sourcedId,givenName,familyName,email\np1,Sam,Reed,\ng1,Gina,Reed,gina@example.org\n",
        "Roles.csv": "userSourcedId,orgSourcedId,role\np1,o1,student\n",
        "orgs.csv": "sourcedId,name\no1,Lincoln School\n",
        "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\np1,g1,guardian\n"
        "p1,g1,relative\n",
    }
    sent = [SimpleUploadedFile(name, text.encode()) for name, text in files.items()]

    where = coras.post("/p/riverside/imports/new/", {"what": "roster", "sent": sent}).url
    page = coras.get(where).content.decode()
    coras.post(where, {"do": "apply"})

    assert "a relative is no guardian" in page
    assert "This list would add 1" in page
    assert Person.objects.get(given_name="Sam").guardians.get().adult.given_name == "Gina"


@pytest.mark.parametrize("name", ["../../etc/passwd", "malware.exe", "users.csv.exe", "photo.png"])
def test_a_file_no_roster_has_is_refused(coras, riverside, name):
    response = bring(coras, "a,b\n1,2\n", what="roster", name=name)

    assert response.status_code == 422
    assert Import.objects.count() == 0


def test_omar_and_those_without_the_right_find_nothing(as_user, coras, omar, dele, riverside, hillside):
    where = bring(coras, GOOD).url
    other = bring(as_user(omar), GOOD, program="hillside").url
    ref = where.split("/")[-2]

    assert as_user(omar).get(other).status_code == 200
    for user, address in (
        (omar, where), (omar, where + "to-put-right/"), (omar, "/p/riverside/imports/"), (dele, where),
        (omar, f"/p/hillside/imports/{ref}/"), (staff("Eve", riverside, "evaluator"), "/p/riverside/imports/new/"),
    ):  # fmt: skip
        assert as_user(user).get(address).status_code == 404
    assert as_user(omar).post(where, {"do": "apply"}).status_code == 404
    assert Participant.objects.count() == 0


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=99999999999999999999", "only=nonsense", "only=%00"])
def test_a_strange_place_in_the_list_is_the_beginning(coras, riverside, query):
    where = bring(coras, GOOD).url

    assert coras.get(f"{where}?{query}").status_code == 200


def test_rows_page_by_key_in_a_fixed_number_of_queries(coras, riverside, django_assert_max_num_queries):
    few = bring(coras, GOOD).url
    many = bring(coras, HEADINGS + "".join(f"P{n:03},X,p{n}@example.org,,,\n" for n in range(60))).url
    coras.get(few)
    with django_assert_max_num_queries(25) as one:
        coras.get(few)
    with django_assert_max_num_queries(len(one.captured_queries)):
        page = coras.get(many)

    assert len(page.context["rows"]) == 50
    assert len(coras.get(many + page.context["older"]).context["rows"]) == 10
    assert "2" in coras.get("/p/riverside/imports/").content.decode()


# Those who may read no rows


def too_near(kind, ben, cora):
    """A coordinator who stands for Ben, or is to be kept away from him."""
    eve = staff("Eve", ben.program, "coordinator")
    if kind == "guardian":
        Guardianship.objects.create(adult=eve.person, child=ben.person, starts_on=MONDAY.date())
    else:
        Restriction.objects.create(
            program=ben.program, kept_away=eve.person, subject=ben.person, reason="court", starts_on=date(2026, 1, 1),
            review_on=date(2036, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
        )  # fmt: skip
    return eve


HEADING = "first name,last name,email\n"
WITH_BEN = HEADING + "Ben,Adler-Canary,ben@example.org\nRosa,Canary,rosa@example.org\n"
WITHOUT = HEADING + "Kofi,Canary,kofi@example.org\nRosa,Canary,rosa@example.org\n"
WRONG = HEADING + "Ben,Canary,ben-canary\nRosa,Canary,rosa-canary\n"


@pytest.mark.parametrize("kind", ["guardian", "kept away"])
def test_who_is_too_near_to_somebody_reads_no_row_of_any_list_but_how_long_it_is(
    as_user, coras, cora, riverside, ben_in, kind
):
    """The same pages whoever is in it, so that they do not tell whether Ben is; and it comes in all the same."""
    eves = as_user(too_near(kind, ben_in, cora))
    seen = []
    for body in (WITH_BEN, WITHOUT, WRONG):
        where = bring(coras, body, what="mentees").url
        pages = [eves.get(where), eves.post(where, {"do": "apply"}, follow=True), eves.get(where + "undo/")]
        assert eves.get(where + "to-put-right/").status_code == 404
        staged = Import.objects.latest("pk")
        assert staged.state == "applied"
        undone = eves.post(where + "undo/", follow=True)
        seen.append([same(page.content.decode(), staged) for page in [*pages, undone]])

    assert seen[0] == seen[1] == seen[2]
    assert "This list has 2 rows." in seen[0][0]
    assert "canary" not in str(seen).casefold()


def same(page, staged):
    """A page without what differs each time."""
    return re.sub(r"[A-Za-z0-9]{30,}|\d\d:\d\d", "", page.replace(staged.ref, "REF"))


def test_who_is_too_near_to_somebody_reads_no_cells_of_a_colleague_s_file(as_user, coras, cora, riverside, ben_in):
    eves = as_user(too_near("kept away", ben_in, cora))
    body = b"first name,email,colour\nBen-Canary,ben-canary@example.org,canary\n"
    asked = coras.post("/p/riverside/imports/new/", {"what": "mentees", "sent": [SimpleUploadedFile("c.csv", body)]})

    for page in (eves.get(asked.url), eves.post(asked.url, {"do": "look"}), eves.get("/p/riverside/imports/")):
        assert page.status_code == 200
        assert "canary" not in page.content.decode().casefold()
    assert "canary" in coras.get(asked.url).content.decode().casefold()
