"""Limits of signing in. Where one holds for the whole house, it is the shortest that any of its programs has."""

from datetime import timedelta

from rapport.programs import profiles
from rapport.programs.models import Program

AT_LEAST = timedelta(minutes=1)  # with none at all nobody could press anything


def idle_on_shared():
    """How long a shared computer stays signed in without a press."""
    programs = Program.objects.open().prefetch_related("limits")
    limits = [program.limits_by_code.get("shared-computer-idle") for program in programs]
    told = [limit.measure for limit in limits if limit] or [shipped("shared-computer-idle")]
    return max(min(told), AT_LEAST)


def way_in_time(program):
    """How long a code works that is given by word of mouth to a colleague without phone and recovery codes."""
    limit = program.limits_by_code.get("way-in")
    return max(limit.measure if limit else shipped("way-in"), AT_LEAST)


def shipped(code):
    """What the profiles say of a limit in minutes, where no program has it."""
    rows = profiles.read(profiles.PATTERN)["limit"]
    return next(timedelta(minutes=row["value"]) for row in rows if row["code"] == code)
