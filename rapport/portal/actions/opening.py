"""Links to somebody's own page: sent because they ask, or printed on a sheet for them, and shut."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Lower

from rapport.audit.actions import record
from rapport.meetings.actions.feeds import stop_feeds_by_link
from rapport.outbox.actions import issue_link, queue, somebody_else_reads
from rapport.outbox.models import Link
from rapport.people.models import ContactPoint, Person
from rapport.portal.front.letters import LETTER, PURPOSE
from rapport.portal.front.reached import own_and_children, reached_by

ON_PAPER = timedelta(days=60)  # as long as the link of an ask
MOST = 5  # people who read one address alone; more are no people


@transaction.atomic
def send_own_page(address, *, at):
    """Send a link to their own page to whoever reads this address alone, one for each program, once an hour at most.

    To anybody else nothing goes; it returns nothing, for nobody may learn who is known here.
    """
    points = ContactPoint.objects.working().private().mail().annotate(folded=Lower("value"))
    readers = Person.objects.filter(contact_points__in=points.filter(folded=address.lower())).distinct()
    hour = at.replace(minute=0, second=0, microsecond=0).isoformat()
    for person in readers.order_by("pk")[:MOST]:
        own, children = own_and_children(person, reached_by(person, at), at)
        for program in {row.program.pk: row.program for row in [*own, *children]}.values():
            key = f"{LETTER}:{program.pk}:{person.ref}:{hour}"
            queue(LETTER, to=person, about=person, program=program, key=key, at=at)


@transaction.atomic
def print_own_page(person, *, program, by, at):
    """A link for the sheet that a person of staff hands to them. Returns the token."""
    token = issue_link(purpose=PURPOSE, person=person, about=person, program=program, at=at, expires_at=at + ON_PAPER)
    record("own-page.printed", about=program, by=by, at=at, person=person.pk)
    return token


@transaction.atomic
def shut_own_pages(person, *, program, pressed=None, at):
    """Whoever reads this is somebody else: every link to this person's page here is shut, and a calendar made by one,
    and all that went where the link went that was `pressed`. Returns how many links to the page."""
    links = Link.objects.filter(person=person, program=program, purpose=PURPOSE, closed_at=None)
    shut = links.update(closed_at=at)
    stop_feeds_by_link(person, program=program, at=at)
    record("own-page.not-them", about=program, by=None, at=at, person=person.pk)
    if pressed is not None:
        somebody_else_reads(Link.objects.filter(pk=pressed.pk), at=at)
    return shut
