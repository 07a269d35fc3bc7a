"""Who stands for a child, who is kept away from whom, and a birth date put right: the pages of staff."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rapport.audit.models import Event
from rapport.care.actions import correct_birth_date
from rapport.checkins.models import Ask, CheckIn
from rapport.core.refs import new_ref
from rapport.outbox.models import Message
from rapport.people.models import Guardianship, Person, Restriction
from rapport.tasks.models import Task
from tests.care.conftest import asked, restrict
from tests.cast import BEGUN_ON, DAY, MONDAY, participant, person, staff
from tests.reading import words

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def go(as_user, riverside):
    """Open or press an address of Riverside as somebody, on that Monday."""

    def do(user, name, *args, **sent):
        browser, address = as_user(user), reverse(f"portal:{name}", args=["riverside", *args])
        with time_machine.travel(MONDAY, tick=False):
            return browser.post(address, sent) if sent else browser.get(address)

    return do


NEW = {"given_name": "Gus", "family_name": "Adler", "email": "gus@example.org", "relation": "father",
       "starts_on": "1 11 2026", "is_told": "on", "sees_progress": "on"}  # fmt: skip


def test_a_guardian_is_added_with_separate_rights(go, cora, ben_in, grace):
    assert go(cora, "guardian-add", ben_in.ref, **NEW).status_code == 302

    row = Guardianship.objects.get(adult__given_name="Gus")
    assert (row.relation, row.is_told, row.consents, row.sees_progress) == ("father", True, False, True)
    assert row.starts_on == date(2026, 11, 1)
    assert row.adult.contact_points.get().value == "gus@example.org"


def test_the_mother_of_a_brother_is_the_same_person(go, cora, ben_in, grace, riverside):
    lily = participant(person("Lily", riverside, born_on=date(2014, 1, 1), family_name="Adler"), riverside, "mentee")
    people = Person.objects.count()

    page = words(go(cora, "guardian-add", lily.ref).content.decode())
    go(cora, "guardian-add", lily.ref, known=grace.ref, starts_on="1 11 2026")

    assert "Grace Adler" in page
    assert grace.children.count() == 2
    assert Person.objects.count() == people


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"given_name": ""}, "Who is it? Write at least a first name."),
        ({"starts_on": "31 4 2026"}, "does not exist"),
        ({"starts_on": "5 11 2026", "ends_on": "1 11 2026"}, "It cannot end before it began."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"phone": "call me"}, "This is no telephone number."),
    ],
)
def test_what_cannot_be_right_is_said(go, cora, ben_in, changed, said):
    answer = go(cora, "guardian-add", ben_in.ref, **(NEW | changed))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Guardianship.objects.filter(adult__given_name="Gus").exists()


def test_one_who_stands_already_and_a_child_cannot_be_added(go, cora, ben_in, grace, riverside):
    again = go(cora, "guardian-add", ben_in.ref, **NEW | {"given_name": "Grace", "email": "grace@example.org"})
    lily = person("Lily", riverside, born_on=date(2012, 1, 1))
    child = go(cora, "guardian-add", ben_in.ref, **NEW | {"given_name": "Lily", "email": "lily@example.org"})

    assert (again.status_code, child.status_code) == (409, 409)
    assert lily.children.count() == 0


def test_rights_are_changed_and_what_is_not_theirs_is_withdrawn(go, cora, ben_in, match, grace):
    asked(match, grace, party="guardian")
    row = Guardianship.objects.get(adult=grace)

    go(cora, "guardian", ben_in.ref, row.pk, relation="foster carer", starts_on="2 4 2015", consents="on")

    row.refresh_from_db()
    assert (row.relation, row.is_told, row.consents) == ("foster carer", False, True)
    assert CheckIn.objects.get(person=grace).state == CheckIn.State.LAPSED
    assert Event.objects.get(verb="guardianship.changed").facts["is_told"] == [True, False]


def test_an_ended_guardianship_ends_what_waits(go, cora, ben_in, match, grace):
    one = asked(match, grace, party="guardian")
    ask = Ask.objects.create(program=match.program, person=grace, state="sent", made_at=MONDAY, sent_at=MONDAY)
    CheckIn.objects.filter(pk=one.pk).update(ask=ask)

    go(cora, "guardian-end", ben_in.ref, Guardianship.objects.get(adult=grace).pk, ends_on="16 11 2026")

    assert Ask.objects.get().state == Ask.State.CLOSED
    assert not Guardianship.objects.living(TODAY).exists()


def test_none_and_six_guardians_are_both_fine(go, cora, ben_in, riverside):
    assert "Nobody is known to stand for them." in words(go(cora, "participant", ben_in.ref).content.decode())
    for name in ("Una", "Ugo", "Ute", "Uwe", "Ula", "Uli"):
        adult = person(name, riverside)
        Guardianship.objects.create(adult=adult, child=ben_in.person, starts_on=TODAY)

    page = words(go(cora, "participant", ben_in.ref).content.decode())
    assert all(name in page for name in ("Una", "Ugo", "Ute", "Uwe", "Ula", "Uli"))


def test_staff_are_told_what_else_a_guardian_is(go, cora, ben_in, grace, riverside):
    participant(grace, riverside, "mentor")

    assert "also a mentor here" in words(go(cora, "participant", ben_in.ref).content.decode())


@pytest.mark.parametrize("name", ["guardian-add", "born"])
def test_omar_and_a_guardian_at_work_find_no_such_page(go, omar, riverside, ben_in, ben, name):
    gwen = staff("Gwen", riverside, "coordinator")
    Guardianship.objects.create(adult=gwen.person, child=ben, starts_on=BEGUN_ON)

    assert go(omar, name, ben_in.ref).status_code == 404
    assert go(gwen, name, ben_in.ref).status_code == 404


# Restrictions


def order(dele, **more):
    return {
        "given_name": "Gus", "family_name": "Adler", "email": "gus@example.org", "reason": "Order 17 of the court",
        "document": "Court, 17/26", "starts_on": "16 11 2026", "review_on": "1 2 2027", "reviewer": dele.pk,
        "form_id": new_ref(),
    } | more  # fmt: skip


PDF = b"%PDF-1.4 the order %%EOF\n"


def test_a_lead_records_a_restriction_with_its_paper(go, dele, ben_in, match):
    paper = SimpleUploadedFile("order.pdf", PDF)
    assert go(dele, "restriction-new", ben_in.ref, **order(dele, paper=paper)).status_code == 302

    row = Restriction.objects.get()
    assert (row.kept_away.given_name, row.subject, row.reviewer) == ("Gus", ben_in.person, dele)
    assert "order" not in row.paper.name
    answer = go(dele, "restriction-paper", row.ref)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="order.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert Event.objects.filter(verb="restriction.read", level=4).count() == 1


@pytest.mark.parametrize(
    ("name", "content"), [("order.pdf", b"<script>"), ("order.svg", b"<svg>"), ("big.pdf", PDF + b"x" * 10_485_760)]
)
def test_a_file_that_is_no_paper_is_refused(go, dele, ben_in, name, content):
    answer = go(dele, "restriction-new", ben_in.ref, **order(dele, paper=SimpleUploadedFile(name, content)))

    assert answer.status_code == 422
    assert not Restriction.objects.exists()


def test_two_presses_record_one_restriction_and_make_one_person(go, dele, ben_in):
    form = order(dele)

    answers = [go(dele, "restriction-new", ben_in.ref, **form) for _press in range(2)]

    row = Restriction.objects.get()
    assert [answer.url for answer in answers] == [row.get_absolute_url()] * 2
    assert Person.objects.filter(given_name="Gus").count() == 1
    assert Event.objects.filter(verb="restriction.recorded").count() == 1
    assert go(dele, "restriction-new", ben_in.ref, **order(dele, form_id="")).status_code == 422


def test_others_find_neither_the_page_nor_the_paper(go, cora, omar, dele, ben_in, ben, grace, riverside):
    row = restrict(grace, ben, program=riverside, by=dele)
    karl = staff("Karl", riverside, "coordinator", "safeguarding-lead")
    restrict(karl.person, ben, program=riverside, by=dele, starts_on=TODAY + 5 * DAY)

    for user in (cora, omar, karl):
        for name in ("restriction", "restriction-paper", "restriction-review", "restriction-end"):
            ref = row.ref if user != karl else Restriction.objects.get(kept_away=karl.person).ref
            assert go(user, name, ref).status_code == 404, (user, name)


def test_a_coordinator_is_told_to_ask_first_and_neither_who_nor_why(go, dele, cora, ben_in, match):
    go(dele, "restriction-new", ben_in.ref, **order(dele))

    task = Task.objects.get()
    assert task.owner == cora
    assert task.reason == (
        "Something has changed around Ben. Before you plan or call anybody, ask whoever leads on safety."
    )


def test_a_restriction_of_an_earlier_day_says_what_went_out_meanwhile(go, dele, ben_in, match, ben, riverside, as_user):
    gus = person("Gus", riverside, born_on=date(1980, 1, 1))
    Guardianship.objects.create(adult=gus, child=ben, starts_on=BEGUN_ON)
    one = asked(match, gus, party="guardian")
    ask = Ask.objects.create(program=riverside, person=gus, state="sent", made_at=MONDAY, sent_at=MONDAY - 3 * DAY)
    CheckIn.objects.filter(pk=one.pk).update(ask=ask)
    sent_to(gus, ask, MONDAY - 3 * DAY)
    sent_to(gus, ask, MONDAY - 30 * DAY, key="older")

    go(dele, "restriction-new", ben_in.ref, **order(dele, known=gus.ref, starts_on="1 11 2026"))
    page = words(go(dele, "restriction", Restriction.objects.get().ref).content.decode())

    assert page.count("a letter left") == 1
    assert "13 Nov a letter left: Invitation" in page
    assert "They have never signed in." in page


def sent_to(somebody, ask, at, key="letter"):
    from rapport.core.about import type_of

    return Message.objects.create(
        program=ask.program, kind="checkins/invitation", to=somebody, about_type=type_of(ask), about_id=ask.pk,
        dedupe_key=key, state="accepted", queued_at=at, next_at=at, final_at=at,
    )  # fmt: skip


def test_it_is_looked_at_again_and_ended_with_a_reason(go, dele, ben_in, ben, grace, riverside):
    row = restrict(grace, ben, program=riverside, by=dele)

    go(dele, "restriction-review", row.ref, review_on="1 3 2027", reviewer=dele.pk)
    row.refresh_from_db()
    assert (row.review_on, row.reviewer) == (date(2027, 3, 1), dele)

    go(dele, "restriction-end", row.ref, ends_on="16 11 2026", why="The paper was about another child")
    row.refresh_from_db()
    assert (row.ends_on, row.ended_why) == (TODAY, "The paper was about another child")
    assert go(dele, "restriction-end", row.ref, ends_on="17 11 2026", why="again").status_code == 409


# A birth date put right


def test_from_17_to_18_ends_what_guardians_are_asked(go, cora, ben_in, match, grace, ben):
    asked(match, grace, party="guardian")

    go(cora, "born", ben_in.ref, born_on="1 11 2008")

    assert CheckIn.objects.get().state == CheckIn.State.LAPSED
    page = words(go(cora, "participant", ben_in.ref).content.decode())
    assert "While the birth date was wrong" in page
    assert "ended at 18" in page


def test_from_18_to_17_calls_the_coordinator_and_tells_who_got_what(go, cora, ben_in, match, grace, ben, riverside):
    Person.objects.filter(pk=ben.pk).update(born_on=date(2008, 3, 1))
    ben_in.refresh_from_db()
    ask = Ask.objects.create(program=riverside, person=ben, state="sent", made_at=MONDAY, sent_at=MONDAY)
    sent_to(ben, ask, MONDAY - 5 * DAY)

    correct_birth_date(ben_in, born_on=date(2009, 3, 1), by=cora, at=MONDAY - timedelta(hours=1))

    assert "counts as a child again" in Task.objects.get().reason
    assert "Ben : a letter left: Invitation" in words(go(cora, "participant", ben_in.ref).content.decode())


def test_a_slip_that_changes_no_age_of_consent_tells_nothing(go, cora, ben_in):
    go(cora, "born", ben_in.ref, born_on="3 4 2015")

    assert "While the birth date was wrong" not in go(cora, "participant", ben_in.ref).content.decode()


def test_what_keeps_a_guardian_away_is_not_read_by_who_is_kept_away_from_that_guardian(
    go, dele, riverside, ben, ben_in, grace, as_user
):
    row = restrict(grace, ben, program=riverside, by=dele)
    dora = staff("Dora", riverside, "safeguarding-lead", "coordinator")
    seen = [go(dora, "participant", ben_in.ref), go(dora, "restriction", row.ref)]
    assert ["court order 17" in answer.content.decode() for answer in seen] == [True, True]

    restrict(dora.person, grace, program=riverside, by=dele)

    page = words(go(dora, "participant", ben_in.ref).content.decode())
    assert [word for word in ("Grace", "court order 17") if word in page] == []
    assert go(dora, "restriction", row.ref).status_code == 404
