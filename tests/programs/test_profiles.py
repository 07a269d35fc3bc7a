"""Profiles and program files: all load, and what is wrong with one is said with its file and key."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from rapport.core.refused import Refused
from rapport.matching.models import Criterion
from rapport.portal import program_file
from rapport.portal.founding import found_program
from rapport.programs import profiles
from rapport.programs.actions import SlugTaken
from rapport.programs.models import GateRule, Limit, PointRule, Program, Promise
from tests.cast import LONG_AGO, MONDAY

SEVEN = ["event-only", "long-term", "parent-mentors", "peer", "professional", "school-group", "youth-one-to-one"]
EXAMPLE = profiles.FOLDER.parent / "examples" / "civil-service.toml"
HOUSE = Path(profiles.__file__).parents[1]
READS = re.compile(r"""(?:\blimit\(|limits_by_code(?:\.get\(|\[))\s*["']([a-z0-9-]+)["']""")


def test_there_are_seven():
    assert profiles.slugs() == SEVEN


@pytest.mark.parametrize("slug", SEVEN)
def test_each_says_only_what_can_be_read(slug):
    words, of_a_profile = profiles.read(slug), ["asks_each_side", "gates_before_round", "on_site_only"]

    assert list(program_file.shape_problems(words, allowed=[*program_file.OWN, *of_a_profile])) == []
    assert program_file.problems_of(words) == []


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
    of_children = program_file.FOR_CHILDREN if words["adults_only"] else set()
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
    assert {row["weight"] for row in words["gate"]} == {"soft"}
    assert [row["code"] for row in words["criterion"] if row.get("is_on", True)] == [
        "profession", "other-organisation", "grade", "identity"
    ]  # fmt: skip


BASE = 'profile = "professional"\nname = "Ours"\n'


def row(table, **told):
    """One row of a file, on top of the profile."""
    told = {"source": "ours", **told}
    lines = [f"{name} = {program_file.toml(value)}" for name, value in told.items() if value is not None]
    return "\n".join([BASE, f"[[{table}]]", *lines])


def limit(**told):
    return row("limit", **{"code": "silent", "value": 60, "unit": "open-days", **told})


def gate(**told):
    return row("gate", **{"side": "mentor", "code": "consent", **told})


def criterion(kind="same", **settings):
    return row("criterion", code="c", kind=kind, label="C", settings=settings)


GRADES = {"trait": "grade", "order": ["EO", "HEO"], "points": {"1": 100}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = ", "ours.toml: it cannot be read as TOML"),
        ('name = "Ours"', "ours.toml: profile: name one of event-only"),
        ('profile = "nothing"', "ours.toml: profile: name one of event-only"),
        ("profile = []", "ours.toml: profile: name one of event-only"),
        (BASE + "colour = 3", "ours.toml: there is no key 'colour'"),
        (BASE + "asks_each_side = false", "ours.toml: there is no key 'asks_each_side'"),
        (BASE + 'time_zone = "Mars/North"', "ours.toml: time_zone: there is no time zone 'Mars/North'"),
        (BASE + "time_zone = []", "ours.toml: time_zone: write words in quotes"),
        (BASE + 'adults_only = "true"', "ours.toml: adults_only: write true or false"),
        (BASE + 'languages = "en"', "ours.toml: languages: write a list"),
        (BASE + 'languages = ["en", "tlh"]', "ours.toml: languages: the house does not speak tlh; it speaks en,"),
        (BASE + "words = { match = 3 }", "ours.toml: words: write pairs"),
        (limit(code=["silent"]), "ours.toml: limit ['silent']: code: write words in quotes"),
        (BASE + 'using_since_on = "soon"', "ours.toml: using_since_on: write a day"),
        (BASE + "limit = 3", "ours.toml: limit: write each one under its own [[limit]]"),
        (BASE + "complete = true", "ours.toml: limit silent is missing"),
        (limit(code="nap"), "ours.toml: limit nap: nothing reads a limit of this name"),
        (limit(unit="days"), "ours.toml: limit silent: its unit is 'open-days'"),
        (limit(unit="moons"), "ours.toml: limit silent: unit: Value 'moons' is not a valid choice."),
        (limit(value=-1), "ours.toml: limit silent: value: "),
        (row("limit", code="silent", value=1) + "\nunit = 5", "ours.toml: limit silent: unit: "),
        (limit(value=None) + "\nvalue = 1.5", "ours.toml: limit silent: value: write a whole number"),
        (limit(value=True), "ours.toml: limit silent: value: write a whole number"),
        (limit(source=None), "ours.toml: limit silent: source: "),
        (gate(code="x-ray"), "ours.toml: gate mentor x-ray: there is no gate 'x-ray'"),
        (gate(size=3), "ours.toml: gate mentor consent: there is no key 'size'"),
        (gate(side="cook"), "ours.toml: gate cook consent: side: Value 'cook' is not a valid choice."),
        (row("promise", code="a", kind="talk", every=1), "ours.toml: promise a: every and unit belong together"),
        (row("promise", code="a", kind="talk", first_days=[[9, 7]]), "ours.toml: promise a: first_days: write pairs"),
        (criterion("magic"), "ours.toml: criterion c: kind: there are ordered-gap, same, different, overlap"),
        (criterion(), "ours.toml: criterion c: settings: name the trait"),
        (criterion(trait="grade", size=3), "ours.toml: criterion c: settings: there is no key 'size'"),
        (criterion("overlap", trait="interests", enough=0), "settings: enough is a whole number from 1"),
        (criterion("ordered-gap", **GRADES | {"order": []}), "settings: order lists the steps"),
        (criterion("ordered-gap", **GRADES | {"points": {"one": 1}}), "settings: points says per cent"),
        (criterion("ordered-gap", **GRADES | {"points": {"1": 101}}), "settings: points says per cent"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(tmp_path, text, sentence):
    file = tmp_path / "ours.toml"
    file.write_text(text)

    with pytest.raises(Refused) as refusal:
        program_file.read(file)

    assert sentence in str(refusal.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 1_000_001])
def test_files_that_are_no_text_are_refused(tmp_path, content):
    file = tmp_path / "ours.toml"
    file.write_bytes(content)

    with pytest.raises(Refused, match=r"ours\.toml: "):
        program_file.read(file)


def rows(program):
    """Everything a program says, without its keys and slug."""
    tables = {
        name: [
            {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in ("id", "program")}
            for row in model.objects.filter(program=program).order_by("pk")
        ]
        for name, (model, _keys) in program_file.TABLES.items()
    }
    return tables | {name: getattr(program, name) for name in [*program_file.OWN, "profile", "using_since_on"]}


@pytest.mark.parametrize("slug", SEVEN)
def test_what_show_prints_makes_the_same_program_again(slug, house, tmp_path, capsys):
    made = found_program(
        slug="first", name='A "name" with ünïcode\n\\', profile=slug, organization=house, time_zone="Europe/London",
        using_since_on=date(2026, 9, 1), contact_line="Cora, 555 0100", by=None, at=LONG_AGO,
    )  # fmt: skip
    Program.objects.filter(pk=made.pk).update(words={"match": "buddies", "mentee": "réfugié"}, quiet_start=True)
    Limit.objects.filter(program=made, code="silent").update(value=45)
    PointRule.objects.filter(program=made, moment="close").delete()
    made.refresh_from_db()

    call_command("program", "show", "first")
    file = tmp_path / "again.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    call_command("program", "new", "second", "--file", str(file))

    assert rows(Program.objects.get(slug="second")) == rows(made)


def test_a_program_is_made_from_a_profile_by_the_line(db, capsys):
    line = ["new", "riverside", "--profile", "youth-one-to-one", "--time-zone", "Europe/London"]
    call_command("program", *line, "--using-since", "2026-09-01")

    made = Program.objects.get()
    assert (made.name, made.time_zone, made.using_since_on) == ("Riverside", "Europe/London", date(2026, 9, 1))
    assert capsys.readouterr().out == "Made 'Riverside' at /p/riverside/, from the profile youth-one-to-one.\n"
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
