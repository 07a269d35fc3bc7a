"""A program's file: what it says makes the same program again, and every mistake in one is said with its line."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matches.actions.listing import write_listed
from rapport.matching.actions import write_policy
from rapport.matching.actions.turns import write_turns
from rapport.onboarding.actions import write_house_texts, write_text
from rapport.onboarding.actions.interviewing import write_interview_rules
from rapport.portal import program_file
from rapport.portal.founding import found_program
from rapport.portal.program_file.lines import line_at, lines_of
from rapport.portal.program_file.shape import RULES
from rapport.programs import profiles
from rapport.programs.actions import add_site, close_days
from rapport.programs.models import ClosedTime, Limit, PointRule, Program, Promise
from tests.cast import LONG_AGO, MONDAY

SEVEN = profiles.slugs()
BASE = 'profile = "professional"\n'
SILENT = '[[limit]]\ncode = "silent"\nunit = "open-days"\nsource = "ours"\n'
CONSENT = '[[gate]]\nside = "mentor"\ncode = "consent"\nsource = "ours"\n'
SCHOOL = '[[site]]\nname = "Lincoln School"\n'
MISTAKES = dict(part.split("\n", 1) for part in Path(__file__).with_name("mistakes.txt").read_text().split("==== ")[1:])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_with_its_line(mistake, settings):
    text, _dashes, said = MISTAKES[mistake].partition("\n----\n")
    lists = {"{profiles}": ", ".join(SEVEN), "{spoken}": ", ".join(dict(settings.LANGUAGES))}

    with pytest.raises(program_file.FileWrong) as wrong:
        program_file.read_bytes(text.encode(), "ours.toml")

    for name, words in lists.items():
        said = said.replace(name, words)
    assert "\n".join(wrong.value.sentences) == said.strip()


def test_there_are_more_than_thirty_kinds_of_them():
    assert len({said.partition("\n----\n")[2] for said in MISTAKES.values()}) > 60


def test_a_whole_file_names_every_limit_that_it_leaves_out():
    said = program_file.toml
    limits = [row for row in profiles.read("professional")["limit"] if row["code"] != "silent"]
    rows = ["[[limit]]\n" + "\n".join(f"{name} = {said(value)}" for name, value in row.items()) for row in limits]
    text = BASE + "adults_only = true\ncomplete = true\n" + "\n".join(rows)

    with pytest.raises(program_file.FileWrong) as wrong:
        program_file.read_bytes(text.encode(), "ours.toml")

    assert wrong.value.sentences == ["ours.toml, line 3: limit silent is missing"]


def test_all_mistakes_are_said_at_once_in_the_order_of_their_lines():
    text = (
        'profile = "professional"\nname = Ours\ncolour = 3\ntime_zone = "Mars"\n'
        + SILENT.replace('source = "ours"\n', "")
        + "value = 0\n"
        + CONSENT.replace("consent", "nap")
        + 'name = "twice"\nname = "twice"\n'
    )

    with pytest.raises(program_file.FileWrong) as wrong:
        program_file.read_bytes(text.encode(), "ours.toml")

    assert [mistake.line for mistake in wrong.value.mistakes] == [2, 3, 4, 5, 8, 11, 13, 14]


def test_a_file_of_a_thousand_mistakes_says_the_first_of_them():
    text = BASE + SCHOOL * 1000

    with pytest.raises(program_file.FileWrong) as wrong:
        program_file.read_bytes(text.encode(), "ours.toml")

    assert len(wrong.value.sentences) == 61
    assert wrong.value.sentences[-1] == "and 939 more"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"x" * 1_000_001, b"a = " + b"[" * 50_000, b'a = """\n' * 30, b"\x00", b"", b"[" * 5000],
)
def test_what_is_no_file_of_a_program_is_refused(content):
    with pytest.raises(program_file.FileWrong):
        program_file.read_bytes(content, "ours.toml")


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(program_file.FileWrong, match=r"^ours\.toml: there is no such file$"):
        program_file.read(tmp_path / "ours.toml")


# Lines


def paths_of(value, path=()):
    """The path of each key of a text's values."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*path, name)
        yield from paths_of(one, (*path, name))


@pytest.mark.parametrize("file", sorted(profiles.FOLDER.parent.glob("*/*.toml")), ids=lambda file: file.stem)
def test_each_key_stands_on_the_line_that_is_told(file):
    text = file.read_text()
    found, lines = lines_of(text), text.splitlines()

    for path in paths_of(tomllib.loads(text)):
        name = next(part for part in reversed(path) if isinstance(part, str))
        assert name in lines[line_at(found, path) - 1], path


HARD = '''\
# [[limit]] = "no"
"a b".'c#d' = "x # y"   # = 3
long = """
[[limit]]
code = "not a key"
"""
raw = \'\'\'it\'s
[x]\'\'\'
list = [ # one
  "]", { y = 1 },
]
[[limit]]
code = "one"
[limit.more]
z = 1

[[limit]]
code = "two"
[[limit.part]]
q = 1
[[limit.part]]
q = 2
'''


def test_hard_texts_are_found_through():
    found = lines_of(HARD)

    assert tomllib.loads(HARD)["limit"][1]["part"][1]["q"] == 2
    assert {path: line for path, line in found.items() if path[-1] != 0} == {
        ("a b",): 2, ("a b", "c#d"): 2, ("long",): 3, ("raw",): 7, ("list",): 9, ("limit", 0, "code"): 13,
        ("limit", 0, "more"): 14, ("limit", 0, "more", "z"): 15, ("limit", 1): 17, ("limit", 1, "code"): 18,
        ("limit",): 12, ("limit", 1, "part"): 19,
        ("limit", 1, "part", 0, "q"): 20, ("limit", 1, "part", 1): 21, ("limit", 1, "part", 1, "q"): 22,
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3), st.sampled_from(["name", "words", "languages"])
)
def test_no_words_disturb_the_lines(text, more, key):
    value = more if key == "list" else {"match": text} if key == "words" else text
    file = f"{key} = {program_file.toml(value)}\nprofile = 3\n"
    try:
        tomllib.loads(file)
    except tomllib.TOMLDecodeError:
        return  # signs that TOML takes only escaped; what `show` writes is tried below

    assert lines_of(file)[("profile",)] == 2


# There and back


def rows(program):
    """Everything a program says, without its keys, refs and slug."""
    tables = {
        name: [
            {field: getattr(row, field) for field in table.fields}
            for row in table.model.objects.filter(program=program).order_by("pk")
        ]
        for name, table in RULES.items()
    }
    sites = list(program.sites.order_by("pk").values_list("name", "emergency_numbers"))
    closed = set(program.closed_times.values_list("site__name", "kind", "name", "starts_on", "ends_on"))
    own = {name: getattr(program, name) for name in [*program_file.OWN, "profile", "using_since_on"]}
    return tables | own | {"sites": sites, "closed": closed}


@pytest.mark.parametrize("slug", SEVEN)
def test_what_show_prints_makes_the_same_program_again(slug, house, tmp_path, capsys):
    made = found_program(
        slug="first", name='A "name" with ünïcode\n\\', profile=slug, organization=house, time_zone="Europe/London",
        using_since_on=date(2026, 9, 1), contact_line="Cora, 555 0100 # not a comment", by=None, at=LONG_AGO,
        words={"match": "buddy", "es": {"mentee": "réfugié"}}, quiet_start=True, languages=["en", "es"],
    )  # fmt: skip
    school = add_site(made, name='Lincoln "School"', emergency_numbers="911", by=None, at=LONG_AGO)
    add_site(made, name="Library", by=None, at=LONG_AGO)
    for site, kind, day in ((school, "exams", 3), (None, "holiday", 24), (school, "closure", 24)):
        on = date(2026, 12, day)
        close_days(made, kind=kind, starts_on=on, ends_on=on, site=site, name="Winter", by=None, at=LONG_AGO)
    Limit.objects.filter(program=made, code="silent").update(value=45)
    PointRule.objects.filter(program=made, moment="close").delete()

    call_command("program", "show", "first")
    printed = capsys.readouterr().out
    file = tmp_path / "again.toml"
    file.write_text(printed, encoding="utf-8")
    call_command("program", "new", "second", "--file", str(file))
    capsys.readouterr()
    call_command("program", "show", "second")

    again = Program.objects.get(slug="second")
    made.refresh_from_db()
    assert rows(again) == rows(made)
    assert capsys.readouterr().out == printed


OF_YOUTH = ("same-site", "interests", "values", "life-experience", "languages")


def test_what_differs_from_the_profile_is_marked(riverside):
    write_listed(riverside, profiles.read(riverside.profile))
    write_policy(riverside, profiles.read(riverside.profile))
    write_interview_rules(riverside, profiles.read(riverside.profile))
    write_turns(riverside, profiles.read(riverside.profile))
    Limit.objects.filter(program=riverside, code="silent").update(value=45)
    Promise.objects.filter(program=riverside, code="meet").update(every=2, minutes=None)
    PointRule.objects.filter(program=riverside, code="contact-afterwards").delete()
    Promise.objects.create(
        program=riverside, code="talk", kind="talk", party="mentor", every=1, unit="weeks", source="ours"
    )

    text = program_file.write(riverside)

    assert [line for line in text.splitlines() if line.startswith(("# Changed", "# Not in", "# Left"))] == [
        "# Changed: the profile says every = 1",
        "# Changed: the profile says minutes = 60",
        "# Not in the profile.",
        "# Left out of the profile: point close contact-afterwards",
        *["# Left out of the profile: criterion " + code for code in OF_YOUTH],
        "# Changed: the profile says value = 60",
    ]


def test_a_program_as_its_profile_says_it_marks_nothing(house):
    for slug in SEVEN:
        made = found_program(
            slug=slug, name="New", profile=slug, organization=house, using_since_on=date(2026, 9, 1), by=None, at=MONDAY
        )
        text = program_file.write(made)
        assert not [
            line for line in text.splitlines() if "Changed: " in line or "# Not in" in line or "Left out" in line
        ]
        assert "adults_only = " in text


def test_a_short_file_brings_its_places(house):
    words = program_file.read_bytes(
        (BASE + SCHOOL + '[[closed]]\nstarts_on = 2026-12-21\nsite = "Lincoln School"\n').encode(), "ours.toml"
    )

    made = found_program(
        slug="ours", name="Ours", rules=words, organization=house, using_since_on=date(2026, 9, 1), by=None, at=MONDAY
    )

    [closed] = ClosedTime.objects.filter(program=made)
    assert (closed.site, closed.starts_on, closed.ends_on, closed.kind) == (
        made.sites.get(), date(2026, 12, 21), date(2026, 12, 21), "holiday"
    )  # fmt: skip


def test_consent_texts_in_its_own_words_go_with_a_file_and_a_copy(riverside, cora):
    """The newest of each; Rapport's own are no setting. Theirs are the first version of the program made from it."""
    write_house_texts(riverside, at=MONDAY)
    one = {"purpose": "join", "voice": "child", "language": "en", "by": cora, "at": MONDAY}
    write_text(riverside, **one, title="Joining", words="An older one", who_sees="We", after=1)
    write_text(riverside, **one, title="Joining", words='{name} and\n"we" of {program}', who_sees="We", after=2)

    text = program_file.write(riverside)
    told = program_file.read_bytes(text.encode(), "copy.toml")
    copied = found_program(slug="copied", rules=told, organization=riverside.organization, by=None, at=MONDAY)
    write_house_texts(copied, at=MONDAY)

    assert [row["words"] for row in told["consent"]] == ['{name} and\n"we" of {program}']
    own = copied.consent_texts.get(purpose="join", voice="child", language="en")
    assert (own.version, own.is_own, own.words) == (1, True, '{name} and\n"we" of {program}')
    assert program_file.write(copied).partition("# Consent texts")[2] == text.partition("# Consent texts")[2]
