"""The demo in one command: which folders it takes, what it makes, and that every state is to be seen in it."""

import json
import os
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from rapport.demo import script
from rapport.demo.founding import words
from tests.clock.conftest import free_port, rapport, rows

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """An empty demo: programs and staff."""
    folder = tmp_path_factory.mktemp("empty") / "demo"
    return folder, rapport("demo", "--empty", "--no-serve", "--dir", folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The whole demo, told until a Wednesday."""
    if os.environ.get("RAPPORT_TEST_DB") == "postgres":
        pytest.skip("a demo keeps its own SQLite; it is told once, with the tests on SQLite")
    folder = tmp_path_factory.mktemp("whole") / "demo"
    return folder, rapport("demo", "--no-serve", "--at", "2026-11-25", "--dir", folder)


def test_an_empty_demo_has_programs_and_staff_and_nobody_else(empty):
    folder, done = empty

    assert (done.returncode, done.stderr) == (0, "")
    assert rows(folder, "SELECT slug, profile FROM programs_program ORDER BY slug") == [
        ("civil-service", "professional"), ("hillside", "school-group"), ("riverside", "youth-one-to-one"),
    ]  # fmt: skip
    assert rows(folder, "SELECT count(*) FROM people_participant") == [(0,)]
    assert done.stdout.count("a long walk by the river") == len(words()["staff"])
    assert done.stdout.splitlines()[-2:] == ["hillside: Hillside groups (school-group)", "  0 mentors, 0 mentees"]


def test_nothing_stands_in_the_way_of_the_worry_question(empty):
    folder, _ = empty

    said = json.loads(rapport("status", "--json", "--dir", folder).stdout)

    assert [warning for warning in said["warnings"] if ":" in warning] == []


def test_a_demo_is_made_anew_in_its_own_folder(empty):
    folder, _ = empty
    (folder / "mailbox").mkdir(exist_ok=True)
    (folder / "mailbox" / "old.eml").write_text("")
    before = rows(folder, "SELECT max(id) FROM programs_program")

    done = rapport("demo", "--empty", "--no-serve", "--dir", folder)

    assert done.returncode == 0
    assert rows(folder, "SELECT max(id) FROM programs_program") == before
    assert not (folder / "mailbox" / "old.eml").exists()


def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    done = rapport("demo", "--empty", "--no-serve", "--dir", tmp_path)

    words = f"rapport demo: {tmp_path.name} is not empty and holds no demo. Name another folder with --dir.\n"
    assert (done.returncode, done.stderr) == (1, words)
    assert os.listdir(tmp_path) == ["letter.txt"]


def test_a_real_install_never_becomes_a_demo(tmp_path):
    (tmp_path / "rapport.sqlite3").write_bytes(b"")

    assert rapport("demo", "--no-serve", "--dir", tmp_path).returncode == 1
    assert (tmp_path / "rapport.sqlite3").exists()


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_wrong_usage(tmp_path, day):
    done = rapport("demo", "--no-serve", "--at", day, "--dir", tmp_path / "new")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_database_of_its_own_is_not_touched(tmp_path):
    done = rapport("demo", "--no-serve", "--dir", tmp_path / "new", DATABASE_URL="postgresql://nobody@/nothing")

    assert (done.returncode, "Unset DATABASE_URL" in done.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


def test_a_demo_is_moved_through_time(empty):
    folder, _ = empty

    for at in ("2026-12-24T09:00", "2026-12-23T09:00"):
        assert rapport("tick", "--at", at, "--deliver", "--dir", folder).returncode == 0


def test_a_demo_sends_nothing_even_where_a_mail_server_is_named(empty):
    folder, _ = empty
    told = {"RAPPORT_SMTP": f"smtp://127.0.0.1:{free_port()}"}

    done = rapport(
        "shell", "-c", "from django.conf import settings; print([settings.SMTP_URL])", "--dir", folder, **told
    )

    assert "['']" in done.stdout


def test_every_state_is_to_be_seen(demo):
    folder, done = demo
    assert done.returncode == 0, done.stderr

    states = Counter(rows(folder, STATES))
    says = {says for (says,) in rows(folder, "SELECT DISTINCT says FROM care_finding WHERE gone_at IS NULL")}
    kinds = {kind for (kind,) in rows(folder, OPEN_TASKS)}

    assert {state for slug, state in states if slug == "riverside"} == {
        "active", "closed", "not-begun", "paused", "proposed",
    }  # fmt: skip
    assert (states["civil-service", "active"], states["hillside", "active"]) == (28, 3)
    assert [rows(folder, f"SELECT count(*) FROM {told}") for told in TOGETHER] == [
        [(6,)],
        [(1,)],
        [(2,)],
        [(1,)],
        [(1,)],
    ]
    assert rows(folder, ASKED_NOW) == [("guardian",)]
    assert says == {"thriving", "steady", "watch", "help", "unknown"}
    assert {"events/away", "care/waiting-child", "checkins/talk-instead", "safeguarding/concern"} <= kinds
    assert rows(folder, "SELECT count(*) FROM safeguarding_concern WHERE hold_id IS NOT NULL") == [(1,)]
    assert rows(folder, "SELECT count(*) FROM safeguarding_triageitem WHERE read_at IS NULL") == [(1,)]
    assert rows(folder, BEN_WAITS) == [("2026-11-12",)]  # whose tenth open day is the day of telling
    assert len(list((folder / "mailbox").glob("*.eml"))) > 500


TOGETHER = (
    "events_session", "events_groupword WHERE says = 'stuck'", "events_eventpair", "matches_feedback",
    "meetings_goodpractice",
)  # fmt: skip
ASKED_NOW = "SELECT party FROM matching_proposal WHERE state = 'asked'"
STATES = "SELECT p.slug, m.state FROM matches_match m JOIN programs_program p ON p.id = m.program_id"
WAITING_TASKS = """SELECT p.given_name, date(t.due_at) FROM tasks_task t JOIN people_person p ON p.id = t.person_id
WHERE kind = 'care/waiting-child' AND kept_at IS NULL AND missed_at IS NULL AND excused_at IS NULL
AND date(t.due_at) <= '2026-11-25'"""
OPEN_TASKS = "SELECT DISTINCT kind FROM tasks_task WHERE kept_at IS NULL AND missed_at IS NULL AND excused_at IS NULL"
BEN_WAITS = """SELECT s.waiting_since_on FROM care_standing s
JOIN matches_member m ON m.match_id = s.match_id JOIN people_participant t ON t.id = m.participant_id
JOIN people_person p ON p.id = t.person_id WHERE p.given_name = 'Ben'"""


def test_of_the_children_who_wait_only_ben_is_still_to_be_talked_with(demo):
    folder, _ = demo

    assert [who for who in rows(folder, WAITING_TASKS) if who[1] < "2026-11-25"] == []
    assert ("Ben", "2026-11-25") in rows(folder, WAITING_TASKS)


def test_its_trail_is_whole(demo):
    folder, _ = demo

    assert rapport("audit", "verify", "--dir", folder).returncode == 0


def test_every_address_is_one_where_nobody_lives(demo):
    folder, _ = demo

    values = [value for (value,) in rows(folder, "SELECT value FROM people_contactpoint WHERE kind = 'email'")]

    assert [value for value in values if not value.endswith("@example.org")] == []


@pytest.mark.parametrize("slug", ["riverside", "civil-service", "hillside"])
def test_a_story_reads_the_same_each_time(slug):
    one, same = script.read(slug, MONDAY, LONDON), script.read(slug, MONDAY, LONDON)

    assert one.pairs == same.pairs
    assert len({pair.mentor.address for pair in one.pairs} | {m.address for p in one.pairs for m in p.mentees}) > 10


def test_a_pair_reads_as_its_row_says():
    story = script.read("riverside", date(2026, 11, 25), LONDON)
    pair = story.pairs[0]

    assert (pair.mentor.name, pair.mentees[0].name, pair.mentees[0].age) == ("Ama Mensah", "Ben Adler", 11)
    assert (pair.guardians[0].name, pair.site, pair.weekday) == ("Grace Adler", "Lincoln School", 3)
    assert (story.monday, pair.begun_on) == (MONDAY, date(2026, 3, 13))
    assert story.moment("-1 Wed 16:40").isoformat() == "2026-11-18T16:40:00+00:00"


@pytest.mark.parametrize(
    ("told_on", "away_since"),
    [(23, 10), (24, 11), (25, 12), (26, 13), (27, 16), (28, 17), (29, 17)],  # Monday to Sunday
)
def test_bens_tenth_open_day_is_the_day_of_telling_or_the_monday_after(told_on, away_since):
    story = script.read("riverside", date(2026, 11, told_on), LONDON)
    pair, away = story.pairs[0], story.day("-2 tomorrow 00:00")

    assert (away, pair.weekday) == (date(2026, 11, away_since), away.weekday())


def test_the_latest_sign_is_the_last_and_the_first_stands_for_all_before():
    assert [script.sign_of(["h", "m", "a"], back) for back in range(5)] == ["a", "m", "h", "h", "h"]
