"""Limits of signing in. Where one holds for the whole house, it is the shortest that any of its programs has."""

from datetime import timedelta
from functools import cache

from django.db.models import Exists, OuterRef

from rapport.access.models import Grant
from rapport.access.rights import SEALED
from rapport.access.staying import Stay
from rapport.programs import profiles
from rapport.programs.models import Limit, Membership, Program

AT_LEAST = timedelta(minutes=1)  # with none at all nobody could press anything


STAYS = {"sealed": ("sealed-idle", "sealed-session"), "staff": ("staff-idle", "staff-session")}
STAYS["others"] = ("others-idle", "others-session")


def stay_of(user, at):
    """How long somebody stays signed in: the shortest that any of their programs has for what they are there."""
    seals = Grant.objects.filter(role=OuterRef("role"), right__in=SEALED)
    held = Membership.objects.live(at).filter(user=user, program__archived_at=None).annotate(is_sealed=Exists(seals))
    places = {
        (program, "sealed" if is_sealed else "staff" if is_staff else "others")
        for program, is_sealed, is_staff in held.values_list("program", "is_sealed", "role__is_staff")
    } or {(None, "others")}
    codes = {code for pair in STAYS.values() for code in pair}
    rows = Limit.objects.filter(program__in={program for program, _kind in places}, code__in=codes)
    limits = {(row.program_id, row.code): row.measure for row in rows}
    pairs = [[limits.get((program, code)) or shipped(code) for code in STAYS[kind]] for program, kind in places]
    return Stay(*(max(min(times), AT_LEAST) for times in zip(*pairs, strict=True)))


def draft_time():
    """How long what was typed is kept for whoever was signed out over it."""
    return shortest("draft-kept")


def idle_on_shared():
    """How long a shared computer stays signed in without a press."""
    return shortest("shared-computer-idle")


def shortest(code):
    programs = Program.objects.open().with_limits()
    limits = [program.limits_by_code.get(code) for program in programs]
    told = [limit.measure for limit in limits if limit] or [shipped(code)]
    return max(min(told), AT_LEAST)


def way_in_time(program):
    """How long a code works that is given by word of mouth to a colleague without phone and recovery codes."""
    limit = program.limits_by_code.get("way-in")
    return max(limit.measure if limit else shipped("way-in"), AT_LEAST)


@cache
def shipped(code):
    """What the profiles say of a limit in time, where no program has it."""
    rows = profiles.read(profiles.PATTERN)["limit"]
    return next(timedelta(**{row["unit"]: row["value"]}) for row in rows if row["code"] == code)
