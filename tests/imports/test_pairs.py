"""A list of pairs that meet already comes in: who may be a pair, what is remembered, and that twice is once."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.checkins.models import Conversation
from rapport.core.months import day_in
from rapport.imports.bringing import bring_in
from rapport.imports.mapping import MappingRefused
from rapport.imports.models import Import, Row
from rapport.imports.proposing import propose, refuse_unfinished
from rapport.matches.models import Match
from rapport.meetings.models import Log, Meeting
from rapport.onboarding.models import Gate
from rapport.outbox.models import Message
from rapport.people.actions import declare_conflict
from rapport.people.models import ContactPoint, ExternalId, FormerName, Restriction
from rapport.tasks.models import Task
from tests.cast import DAY, LONG_AGO, MONDAY, participant, person, staff
from tests.imports.test_pages import as_taken

HEADINGS = [
    "mentor", "mentee", "start date", "agreement date", "coordinator", "meetings so far", "last met on",
    "earlier meetings", "earlier talks",
]  # fmt: skip
PAIR = ["ama@example.org", "Ben Adler", "2024-09-09", "2024-09-20", "cora@example.org", "34", "2026-11-11",
        "2026-11-04; 2026-10-28", "2026-10-05 mentor: all is well; 2026-10-06 Grace"]  # fmt: skip


@pytest.fixture
def a_list(tmp_path):
    def write(*rows, headings=HEADINGS):
        file = tmp_path / "pairs.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([headings, *rows])
        return file

    return write


@pytest.fixture
def known(ama_in, ben_in, grace, cora):
    """Ama and Ben are in the program; no gate of theirs is recorded."""
    return ama_in, ben_in


def bring(file, program, at=MONDAY, **options):
    return bring_in([file], what="matches", program=program, at=at, **options)


def figures(report):
    return report["created"], report["updated"], report["unchanged"], len(report["bad"])


def why(report):
    return [bad["reason"] for bad in report["bad"]]


def test_a_pair_comes_in_as_it_really_is(a_list, riverside, known, cora):
    report = bring(a_list(PAIR), riverside)

    match = Match.objects.with_people().get()
    zone = riverside.zone
    assert (figures(report), why(report)) == ((1, 0, 0, 0), [])
    assert (match.state, match.begun_on, match.agreed_on, match.met_before) == (
        "active", date(2024, 9, 9), date(2024, 9, 20), 34,
    )  # fmt: skip
    assert (match.coordinator, match.title, match.awaits_checks) == (cora, "Ama and Ben", True)
    assert sorted(day_in(one.starts_at, zone) for one in Meeting.objects.held()) == [
        date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 11),
    ]  # fmt: skip
    assert set(Log.objects.values_list("source", "happened", "person__given_name")) == {("before", True, "Ama")}
    assert list(Conversation.objects.order_by("at").values_list("person__given_name", "how", "words")) == [
        ("Ama", "before", "all is well"), ("Grace", "before", ""),
    ]  # fmt: skip
    assert (Gate.objects.count(), Message.objects.count()) == (0, 0)
    assert Task.objects.get().reason == "Confirm the checks of Ama and Ben: permission and the mentor's check."


def test_a_second_run_changes_nothing_and_a_fuller_list_adds(a_list, riverside, known):
    first = [*PAIR[:5], "", "", "", ""]
    bring(a_list(first), riverside)

    again = bring(a_list(first), riverside)
    fuller = bring(a_list(PAIR), riverside)
    same = bring(a_list(PAIR), riverside)

    assert [figures(one) for one in (again, fuller, same)] == [(0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    assert (Match.objects.count(), Meeting.objects.count(), Conversation.objects.count()) == (1, 3, 2)
    assert Match.objects.get().met_before == 34


def test_a_rehearsal_changes_nothing(a_list, riverside, known):
    report = bring(a_list(PAIR), riverside, dry_run=True)

    assert (figures(report), Match.objects.count(), Task.objects.count()) == ((1, 0, 0, 0), 0, 0)


def test_a_pair_that_began_here_is_left_as_it_is(a_list, riverside, match):
    assert figures(bring(a_list(PAIR), riverside)) == (0, 0, 1, 0)
    assert (Meeting.objects.count(), Match.objects.get().agreed_on) == (0, None)


def test_one_that_ended_here_begins_anew_by_no_list(a_list, riverside, match, cora):
    for point in ("survey", "goodbye"):
        match.points.filter(code=point).delete()
    Match.objects.update(state="closed", ended_on=date(2026, 10, 1))

    assert why(bring(a_list(PAIR), riverside)) == [
        "They ended here on 1 October 2026. If they meet again, propose them anew."
    ]


@pytest.mark.parametrize("named", ["AMA@example.org", "ama  mensah", "M-77"])
def test_people_are_named_by_address_whole_name_or_own_number(a_list, riverside, known, ama, named):
    ExternalId.objects.create(person=ama, organization=riverside.organization, source="list:riverside", value="M-77")

    assert figures(bring(a_list([named, *PAIR[1:]]), riverside)) == (1, 0, 0, 0)


def row(**said):
    names = dict(zip(HEADINGS, [*PAIR[:5], "", "", "", ""], strict=True)) | said
    return [names[heading] for heading in HEADINGS]


BAD = [
    ({"mentor": "zoe@example.org"}, "There is no mentor zoe@example.org in this program. Bring the people in first."),
    ({"mentee": "Ama Mensah"}, "There is no mentee Ama Mensah in this program. Bring the people in first."),
    ({"mentor": ""}, "There is no mentor."),
    ({"mentee": " "}, "There is no mentee."),
    ({"start date": ""}, "There is no start date. The month they began is enough: write its first day."),
    ({"start date": "soon"}, "Write the day as 27 3 2026 or 2026-03-27."),
    ({"start date": "2027-01-01"}, "1 January 2027 is still to come. Somebody who begins now is proposed first."),
    (
        {"start date": "2014-01-01"},
        "Ben was not born yet on 1 January 2014. Look at the start date and the date of birth.",
    ),
    ({"agreement date": "2026-12-01"}, "1 December 2026 is still to come. Somebody who begins now is proposed first."),
    ({"coordinator": "omar@example.org"}, "Nobody who coordinates in this program has the address omar@example.org."),
    ({"meetings so far": "many"}, "'many' is no number from 0 to 2000."),
    (
        {"meetings so far": "1", "earlier meetings": "2026-10-01; 2026-10-02"},
        "There are more days of meetings than 1. Put the number right, or leave it out.",
    ),
    ({"last met on": "2024-01-01"}, "They met before they began. Look at both days."),
    (
        {"last met on": "2026-11-16"},
        "16 November 2026 is not before the day on which they came in. Write it down on their page.",
    ),
    ({"earlier meetings": "2026-10-01; then"}, "Write the day as 27 3 2026 or 2026-03-27."),
    (
        {"earlier talks": "all went well"},
        "Write each talk as a day, with whom, and words if you like: 2026-03-04 mentor: all is well",
    ),
    (
        {"earlier talks": "2026-10-01 Dele: hello"},
        "Nobody around this pair is called Dele. Write mentor, mentee, guardian or a name.",
    ),
    (
        {"earlier talks": "2026-11-17 mentor: hello"},
        "17 November 2026 is not before the day on which they came in. Write it down on their page.",
    ),
    ({"mentor": "Ama\u202eneM"}, "There are signs in this text that turn its reading order. Type it anew."),
]  # fmt: skip


@pytest.mark.parametrize(("said", "reason"), BAD)
def test_a_row_that_cannot_be_right_says_why_and_does_nothing(a_list, riverside, known, said, reason):
    report = bring(a_list(row(**said)), riverside)

    assert (why(report), Match.objects.count()) == ([reason], 0)


def test_the_same_pair_twice_is_put_right_by_a_person(a_list, riverside, known):
    report = bring(a_list(row(), row(mentor="Ama Mensah")), riverside)

    assert (figures(report), why(report)) == ((1, 0, 0, 1), ["This is the same pair as in row 2."])


def test_two_of_one_name_are_not_guessed_but_a_second_column_tells(a_list, riverside, known):
    participant(
        person("Ben", riverside, born_on=date(2015, 1, 1), family_name="Adler", mail=False), riverside, "mentee"
    )

    alone = bring(a_list(row()), riverside)
    both = bring(a_list(["ama@example.org", "Ben Adler", "ben@example.org", "2024-09-09"],
                        headings=["mentor", "mentee name", "mentee email", "since"]), riverside)  # fmt: skip

    assert why(alone) == ["More than one mentee fits Ben Adler. Name them by e-mail address or by their number."]
    assert figures(both) == (1, 0, 0, 0)


def test_a_family_s_address_names_nobody_alone(a_list, riverside, known, ben):
    lily = person("Lily", riverside, born_on=date(2016, 1, 1), family_name="Adler", mail=False)
    participant(lily, riverside, "mentee")
    ContactPoint.objects.create(person=lily, kind="email", value="ben@example.org", is_private=False)

    report = bring(a_list(row(mentee="ben@example.org")), riverside)

    assert why(report) == ["More than one mentee fits ben@example.org. Name them by e-mail address or by their number."]


def test_one_mentor_of_several_is_several_rows_up_to_what_they_take(a_list, riverside, known, ama_in):
    type(ama_in).objects.filter(pk=ama_in.pk).update(capacity=2)
    for name in ("Lily", "Rosa"):
        participant(person(name, riverside, born_on=date(2016, 1, 1), family_name="Fein"), riverside, "mentee")

    report = bring(a_list(row(), row(mentee="Lily Fein"), row(mentee="Rosa Fein")), riverside)

    assert (figures(report), why(report)) == ((2, 0, 0, 1), ["Ama has 2 open matches and takes no more than 2."])
    assert len(set(Match.objects.values_list("spread", flat=True))) == 1


def test_a_mentee_of_another_open_match_stays_there(a_list, riverside, match):
    participant(person("Kofi", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")

    assert why(bring(a_list(row(mentor="kofi@example.org")), riverside)) == ["Ben has an open match."]


def test_those_kept_apart_are_no_pair_and_nobody_learns_why(a_list, riverside, known, ama, ben, cora):
    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=ben, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2027, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip

    report = bring(a_list(row()), riverside)

    assert why(report) == ["This match cannot begin. Ask whoever recorded a restriction."]
    assert "court" not in str(report)


def test_two_of_whom_a_conflict_was_declared_are_no_pair(a_list, riverside, known, ama, ben, cora):
    facts = {"person": ama, "other": ben, "kind": "class-teacher", "words": "Class 4b", "by": cora, "at": MONDAY}
    declare_conflict(riverside, until_on=date(2026, 11, 16), **facts)

    report = bring(a_list(row()), riverside)

    assert why(report) == ["It is written down that they are not to be matched. Look at their pages."]
    assert "4b" not in str(report)
    assert why(bring(a_list(row()), riverside, at=MONDAY + 2 * DAY)) == []


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (["mentee", "since"], "There is no column for the mentor in this list."),
        (["mentor", "since"], "There is no column for the mentee in this list."),
        (["mentor", "mentee"], "There is no column for the start date in this list."),
        (["mentor", "mentee", "start date", "since"], "Two columns would both be 'begun_on'. Leave one out."),
    ],
)
def test_a_list_without_what_it_needs_is_refused_whole(headings, said):
    with pytest.raises(MappingRefused) as refused:
        refuse_unfinished(propose(headings, what="matches"), "matches")

    assert str(refused.value) == said


def test_days_that_can_be_read_in_two_ways_are_asked_about_and_none_is_guessed(a_list, riverside, known):
    with pytest.raises(MappingRefused):
        bring(a_list(row(**{"start date": "3/4/2024"})), riverside)
    bring(a_list(row(**{"start date": "3/24/2024", "agreement date": "4/3/2024"})), riverside)

    assert (Match.objects.get().begun_on, Match.objects.get().agreed_on) == (date(2024, 3, 24), date(2024, 4, 3))


def test_no_column_clears_anybody(a_list, riverside, known):
    report = bring(
        a_list([*row(), "yes", "2026-01-01"], headings=[*HEADINGS, "cleared", "background check"]), riverside
    )

    assert set(report["left_out"]) == {"cleared", "background check"}
    assert (figures(report), Gate.objects.count()) == ((1, 0, 0, 0), 0)


def upload(browser, *rows, program="riverside", headings=HEADINGS):
    body = io.StringIO()
    csv.writer(body).writerows([headings, *rows])
    sent = SimpleUploadedFile("pairs.csv", body.getvalue().encode())
    return as_taken(browser, browser.post(f"/p/{program}/imports/new/", {"what": "matches", "sent": sent}))


def test_the_pages_show_what_it_would_do_then_do_it(as_user, cora, riverside, known):
    browser = as_user(cora)
    where = upload(browser, row(coordinator=""), row(mentee="Nobody")).url

    page = browser.get(where).content.decode()
    before = Match.objects.count()
    done = browser.post(where, {"do": "apply"}, follow=True).content.decode()
    home = list(csv.reader(io.StringIO(browser.get(where + "to-put-right/").content.decode("utf-8-sig"))))

    assert "This list would add 1 and change 0." in page
    assert "Ama Mensah · Ben Adler" in page
    assert (before, Match.objects.get().coordinator) == (0, cora)
    assert "This list added 1 and changed 0." in done
    assert home[1][1] == "Nobody"
    assert "There is no mentee Nobody" in home[1][-1]
    assert browser.post(where, {"do": "apply"}).status_code == 409


def test_what_changed_between_looking_and_pressing_is_judged_anew(as_user, cora, riverside, known, ama, ben):
    browser = as_user(cora)
    where = upload(browser, row()).url
    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=ben, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2036, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip

    browser.post(where, {"do": "apply"})

    assert (Match.objects.count(), Row.objects.get().outcome) == (0, "bad")


def test_omar_brings_no_pair_of_riverside_and_sees_no_list_of_it(
    as_user, cora, omar, hill_match, hillside, riverside, known
):
    where = upload(as_user(cora), row()).url
    there = upload(as_user(omar), row(coordinator=""), program="hillside").url
    ref = where.split("/")[-2]

    assert as_user(omar).get(there).status_code == 200
    for address in (where, where + "to-put-right/", f"/p/hillside/imports/{ref}/"):
        assert as_user(omar).get(address).status_code == 404
    assert as_user(omar).post(where, {"do": "apply"}).status_code == 404
    assert Row.objects.get(source__program=hillside).reason.startswith("There is no mentor ama@example.org")
    assert Match.objects.get() == hill_match


def test_a_colleague_kept_from_the_child_cannot_find_it_by_a_list(as_user, riverside, known, ben, cora):
    eve = staff("Eve", riverside, "coordinator")
    Restriction.objects.create(
        program=riverside, kept_away=eve.person, subject=ben, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2036, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip

    upload(as_user(eve), row(coordinator=""))

    assert Row.objects.get().reason == "There is no mentee Ben Adler in this program. Bring the people in first."


def test_a_longer_list_costs_no_more_queries(a_list, riverside, known, cora, django_assert_max_num_queries):
    rows = []
    for n in range(30):
        participant(person(f"M{n}", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
        participant(person(f"C{n}", riverside, born_on=date(2015, 1, 1)), riverside, "mentee")
        rows.append(row(mentor=f"m{n}@example.org", mentee=f"c{n}@example.org", **{"last met on": "2026-10-01"}))
    with django_assert_max_num_queries(130) as few:  # PostgreSQL takes a few for what SQLite has at hand
        bring(a_list(*rows[:3]), riverside)
    with django_assert_max_num_queries(len(few.captured_queries) + 3):
        report = bring(a_list(*rows[3:]), riverside)

    assert figures(report) == (27, 0, 0, 0)
    assert Import.objects.count() == 2


def test_a_name_of_before_two_records_were_one_names_the_kept_person(a_list, riverside, known, ama):
    FormerName.objects.create(person=ama, given_name="Amma", family_name="Mensa", left_at=LONG_AGO)

    report = bring(a_list(row(mentor="Amma Mensa")), riverside)
    participant(person("Amma", riverside, family_name="Mensa", mail=False), riverside, "mentor")
    two = bring(a_list(row(mentor="Amma Mensa")), riverside)

    assert (figures(report), Match.objects.with_people().get().mentors[0].person) == ((1, 0, 0, 0), ama)
    assert why(two) == ["More than one mentor fits Amma Mensa. Name them by e-mail address or by their number."]
