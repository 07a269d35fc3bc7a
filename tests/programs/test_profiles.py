"""Profiles and program files: all load, and what is wrong with one is said with its file and key."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from rapport.matching.models import Criterion
from rapport.portal import program_file
from rapport.portal.founding import found_program
from rapport.portal.program_file import checking
from rapport.portal.program_file.shape import FOR_CHILDREN
from rapport.programs import numbers, profiles
from rapport.programs.actions import SlugTaken
from rapport.programs.models import GateRule, Limit, PointRule, Program, Promise
from tests.cast import MONDAY

SEVEN = ["event-only", "long-term", "parent-mentors", "peer", "professional", "school-group", "youth-one-to-one"]
EXAMPLE = profiles.FOLDER.parent / "examples" / "civil-service.toml"
HOUSE = Path(profiles.__file__).parents[1]
READS = re.compile(r"""(?:\blimit\(|limits_by_code(?:\.get\(|\[))\s*["']([a-z0-9-]+)["']""")


def test_there_are_seven():
    assert profiles.slugs() == SEVEN


@pytest.mark.parametrize("slug", SEVEN)
def test_each_says_only_what_can_be_read(slug):
    words = profiles.read(slug)
    of_a_profile = ["asks_each_side", "gates_before_round", "on_site_only", "calendar_first", "mentees_are_parents"]
    of_a_profile += ["many_at_once"]

    assert list(checking.shape(words, of_a_profile)) == []
    assert list(checking.everything({"profile": slug, **words})) == []


@pytest.mark.parametrize("slug", SEVEN)
def test_each_makes_a_program_whose_numbers_show_where_they_come_from(slug, house):
    program = found_program(
        slug="new", name="New", profile=slug, organization=house, using_since_on=date(2026, 9, 1), by=None, at=MONDAY
    )

    words = profiles.read(slug)
    for table, model in (("promise", Promise), ("gate", GateRule), ("point", PointRule), ("criterion", Criterion)):
        assert model.objects.filter(program=program).count() == len(words.get(table, []))
    for model in (Promise, GateRule, PointRule, Criterion, Limit):
        assert not model.objects.filter(program=program, source="").exists()
    assert program.adults_only is words["adults_only"]


@pytest.mark.parametrize("slug", SEVEN)
def test_each_names_every_limit_that_the_code_reads(slug):
    read = {code for file in HOUSE.rglob("*.py") for code in READS.findall(file.read_text(encoding="utf-8"))}
    assert "waiting-child" in read

    words = profiles.read(slug)
    of_children = FOR_CHILDREN if words["adults_only"] else set()
    assert read - {limit["code"] for limit in words["limit"]} == of_children & read


def test_where_children_may_be_each_side_is_asked_and_gates_come_first(riverside):
    for slug in SEVEN:
        words = profiles.read(slug)
        if not words["adults_only"]:
            assert words.get("asks_each_side", True)
            assert words.get("gates_before_round", True)
    assert profiles.asks(Program(profile="professional", adults_only=True), "asks_each_side") is False
    assert profiles.asks(Program(profile="professional", adults_only=False), "asks_each_side") is True
    assert profiles.asks(Program(profile="unheard-of", adults_only=True), "asks_each_side") is True


def test_the_example_keeps_the_profile_where_it_is_silent():
    words = program_file.read(EXAMPLE)

    assert [row["code"] for row in words["limit"]] == [row["code"] for row in profiles.read("professional")["limit"]]
    assert {row["weight"] for row in words["gate"]} == {"soft", "off"}
    assert [row["code"] for row in words["criterion"] if row.get("is_on", True)] == [
        "profession", "other-organisation", "grade", "identity"
    ]  # fmt: skip


def test_a_program_is_made_from_a_profile_by_the_line(db, capsys):
    line = ["new", "riverside", "--profile", "youth-one-to-one", "--time-zone", "Europe/London"]
    call_command("program", *line, "--using-since", "2026-09-01")

    made = Program.objects.get()
    assert (made.name, made.time_zone, made.using_since_on) == ("Riverside", "Europe/London", date(2026, 9, 1))
    assert capsys.readouterr().out == (
        "Made 'Riverside' at /p/riverside/, from the profile youth-one-to-one.\n"
        "It starts quietly: what it would send waits until somebody has looked at it.\n"
    )
    with pytest.raises(SlugTaken):
        call_command("program", *line)
    assert Program.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["new", "bad slug", "--profile", "peer"], "cannot stand in an address"),
        (["new", "x" * 51, "--profile", "peer"], "too long"),
        (["new", "ours", "--profile", "peer", "--time-zone", "Mars"], "no time zone"),
        (["new", "ours", "--profile", "nothing"], "invalid choice"),
        (["new", "ours", "--profile", "peer", "--using-since", "soon"], "invalid a_day value"),
        (["new", "ours"], "one of the arguments --profile --file is required"),
        (["show", "nowhere"], "There is no program 'nowhere'."),
    ],
)
def test_a_line_that_cannot_be_followed_makes_nothing(db, words, sentence):
    with pytest.raises((CommandError, SystemExit), match=sentence):
        call_command("program", *words)

    assert Program.objects.count() == 0


def test_an_event_program_promises_a_follow_up_and_nothing_else():
    """S4-01: two questions after the event, to both sides; no meeting is expected and none is late."""
    promises = profiles.read("event-only")["promise"]

    assert {(row["kind"], row["party"]) for row in promises} == {("check-in", "mentor"), ("check-in", "mentee")}
    assert sorted((row["asks"], *row["first_days"][0]) for row in promises) == [
        ("in-touch", 14, 21), ("in-touch", 14, 21), ("where-now", 183, 197), ("where-now", 183, 197)
    ]  # fmt: skip


def test_every_number_of_a_profile_has_a_name_and_stands_under_one_heading():
    told = {row["code"] for slug in SEVEN for row in profiles.read(slug).get("limit", ())}
    headed = [code for names in numbers.HEADINGS.values() for code in names]

    assert sorted(headed) == sorted(set(headed))
    assert told - set(headed) == set()
