"""Naming who keeps a site's day sheet on one day by a link, and shutting that door again."""

from datetime import time, timedelta

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.months import day_in, moment
from rapport.meetings.models import DayKeeper
from rapport.outbox.actions import close_links, issue_link
from rapport.people.actions import add_person, let_sign_in
from rapport.people.models import Person
from rapport.programs.models import Site

PURPOSE = "day-sheet"
LONGEST_NAME = 100


@transaction.atomic
def name_keeper(site, *, given_name, family_name="", by, at):
    """Let somebody of the site keep its sheet until this day ends there. Returns the keeper and their link's token.

    The token is kept nowhere: whoever named them shows it to them, or names them once more.
    """
    Site.objects.select_for_update(of=("self",)).get(pk=site.pk)
    on = day_in(at, site.program.zone)
    person = known_here(site, given_name, family_name) or add_person(
        organization=site.program.organization, given_name=given_name, family_name=family_name, by=by, at=at
    )
    keeper = DayKeeper.objects.create(program=site.program, site=site, person=person, on=on, named_by=by, named_at=at)
    ends = moment(on + timedelta(days=1), time(0), site.program.zone)
    token = issue_link(purpose=PURPOSE, person=person, about=keeper, program=site.program, at=at, expires_at=ends)
    record("sheet.keeper-named", about=keeper, by=by, at=at, site=site.pk, until=ends.isoformat())
    return keeper, token


def known_here(site, given_name, family_name):
    """Whoever of this name kept this very site's sheet before: one human being, one record."""
    before = DayKeeper.objects.filter(
        site=site, person__given_name__iexact=given_name, person__family_name__iexact=family_name
    )  # fmt: skip
    last = before.select_related("person").order_by("-pk").first()
    return last.person if last else None


@transaction.atomic
def end_keeper(keeper, *, by, at):
    """Shut their link at once. Returns whether it was open."""
    ended = DayKeeper.objects.filter(pk=keeper.pk, ended_at=None).update(ended_at=at)
    if ended:
        close_links(DayKeeper.objects.filter(pk=keeper.pk), at=at)
        record("sheet.keeper-ended", about=keeper, by=by, at=at)
    return bool(ended)


@transaction.atomic
def somebody(user, program, *, by, at):
    """The person behind a sign-in, as whom they write on a sheet. Whoever works here is one; made where none is."""
    known = Person.objects.filter(user=user).first()
    if known is None:
        given, _space, family = (user.name or user.email)[:LONGEST_NAME].partition(" ")
        known = add_person(organization=program.organization, given_name=given, family_name=family, by=by, at=at)
        let_sign_in(known, user=user, by=by, at=at)
    return known
