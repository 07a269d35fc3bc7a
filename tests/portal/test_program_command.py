"""A host makes a program and lets the first coordinator in, from the command line."""

import re
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from rapport.access.models import User
from rapport.outbox.models import Message
from rapport.programs.models import Program
from tests.cast import MONDAY


def make(*more):
    out = StringIO()
    call_command("program", "new", "lakeside", "--profile", "professional", *more, stdout=out)
    return out.getvalue()


def test_a_program_begins_with_somebody_who_may_invite_the_others(house, client):
    said = make("--coordinator", "Mira.Sol@example.org")

    mira = User.objects.get()
    assert mira.person.full_name == "Mira Sol"
    assert set(mira.memberships.values_list("role__slug", flat=True)) == {"administrator", "coordinator"}
    assert not Message.objects.exists()
    link = re.search(r"https?://[^/]+(/\S+)", said).group(1)
    assert client.get(link, follow=True).status_code == 200


def test_an_address_that_is_none_makes_no_program(house):
    with pytest.raises(CommandError, match="'mira' is no e-mail address"):
        make("--coordinator", "mira")

    assert not Program.objects.exists()


def test_without_a_coordinator_nobody_is_let_in(house):
    assert make() == (
        "Made 'Lakeside' at /p/lakeside/, from the profile professional.\n"
        "It starts quietly: what it would send waits until somebody has looked at it.\n"
    )
    assert not User.objects.exists()


def test_a_new_program_starts_quietly_unless_its_file_says_otherwise(db, tmp_path):
    make()
    file = tmp_path / "loud.toml"
    file.write_text('profile = "professional"\nname = "Loud"\nquiet_start = false\n')
    call_command("program", "new", "loud", "--file", str(file), stdout=StringIO())

    assert dict(Program.objects.values_list("slug", "quiet_start")) == {"lakeside": True, "loud": False}


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", 17), ("UTC", 16), ("Etc/GMT+12", 15)])
def test_a_program_is_used_since_the_day_that_it_is_there(house, zone, day):
    with time_machine.travel(MONDAY.replace(hour=11), tick=False):
        make("--time-zone", zone)

    assert Program.objects.get(slug="lakeside").using_since_on == date(2026, 11, day)
