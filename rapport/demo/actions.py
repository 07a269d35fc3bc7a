"""What only a demo writes by itself: who of its people may sign in, and when its places are closed."""

from datetime import date, datetime, timedelta

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.people.actions import let_sign_in
from rapport.programs.actions import add_member
from rapport.programs.models import ClosedTime


@transaction.atomic
def let_in(person, user, roles, *, by, at: datetime) -> None:
    """Tie a person to the user they sign in as, with roles from now on: rows of (program, role[, name of a site])."""
    let_sign_in(person, user=user, by=by, at=at)
    for program, role, *site in roles:
        where = program.sites.get(name=site[0]) if site else None
        add_member(user, program=program, role=role, site=where, by=by, at=at)


@transaction.atomic
def close_times(program, rows, *, monday: date, by, at: datetime) -> None:
    """Write the days a program is closed: rows of (kind, name, weeks from the Monday, days)."""
    times = [
        ClosedTime(
            program=program, kind=kind, name=name, starts_on=monday + timedelta(weeks=weeks),
            ends_on=monday + timedelta(weeks=weeks, days=days - 1),
        )
        for kind, name, weeks, days in rows
    ]  # fmt: skip
    ClosedTime.objects.bulk_create(times)
    record_many("closed-time.added", about=times, by=by, at=at)
