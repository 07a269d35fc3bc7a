"""Giving whoever leads a group without a sign-in a page by a link, and shutting that door again."""

from datetime import time, timedelta

from django.db import transaction

from rapport.audit.actions import record, record_many
from rapport.core.months import day_in, moment
from rapport.events.actions.groups import hold
from rapport.events.groups.led import signs_in
from rapport.events.models import LeadLink
from rapport.events.refusals import LeadSignsIn
from rapport.outbox.actions import close_links, issue_link
from rapport.people.models import Person

PURPOSE, LASTS = "team-lead", "lead-link"
DAY = timedelta(days=1)


@transaction.atomic
def give_link(group, *, by, at):
    """Give whoever leads this group a page by a link, for as long as the program says. Returns (the link, its token).

    One is open at a time: another shuts the one before. The token is kept nowhere: whoever gave it shows it to them,
    or gives it once more. Raises GroupOver, LeadSignsIn.
    """
    held = hold(group)
    lead = Person.objects.select_for_update(of=("self",)).get(pk=held.lead_id)
    if signs_in(lead, held.program, at):
        raise LeadSignsIn(held)
    end_links(LeadLink.objects.filter(program=held.program, person=lead), by=by, at=at)
    told = {"program": held.program, "person": lead}
    ends = until(held.program, at)
    one = LeadLink.objects.create(**told, given_by=by, given_at=at, ends_at=ends)
    token = issue_link(purpose=PURPOSE, about=one, at=at, expires_at=ends, **told)
    record("lead-link.given", about=one, by=by, at=at, lead=lead.ref, until=ends.isoformat())
    return one, token


def until(program, at):
    """When a link that is given now ends: with the last of so many days there as the program says."""
    return moment(day_in(at + program.limit(LASTS), program.zone) + DAY, time(0), program.zone)


@transaction.atomic
def end_links(links, *, by, at):
    """Shut these at once. Returns how many were not shut before."""
    rows = list(links.filter(ended_at=None).select_for_update(of=("self",)))
    found = LeadLink.objects.filter(pk__in=[row.pk for row in rows])
    found.update(ended_at=at)
    close_links(found, at=at)
    record_many("lead-link.ended", about=rows, by=by, at=at)
    return len(rows)


def settle_link(stays, goes, at):
    """Of two links of one human being one stays open."""
    end_links(LeadLink.objects.filter(pk=goes.pk), by=None, at=at)
