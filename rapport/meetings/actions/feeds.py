"""Somebody's own calendar address: made, made anew, stopped. What it shows is `feeds.seen`'s to say."""

from datetime import timedelta

from django.db import transaction

from rapport.audit.actions import record
from rapport.meetings.models import Feed
from rapport.outbox import links
from rapport.outbox.actions import issue_link
from rapport.people.models import Person

OWN_PURPOSE = "own-meetings"
OPENS_FOR = timedelta(hours=1)  # the page of their meetings, opened from their own page
BY_LINK = timedelta(days=100)  # a term and its break; no figure of the field: a link of two days makes nothing for good


@transaction.atomic
def make_feed(person, *, program, by_link=False, by, at) -> str:
    """Give somebody a new calendar address in a program; the one before stops. Returns the token, kept nowhere.

    `by`: the user who gave it to them; None where they took it themselves. `by_link`: taken without signing in, so it
    ends by itself.
    """
    list(Person.objects.select_for_update().filter(pk=person.pk).values("pk"))  # two presses at once: one after another
    token = links.new_token()
    end_feeds(person, program, by=by, at=at)
    feed = Feed.objects.create(
        program=program, person=person, token_hash=links.hashed(token), made_at=at,
        made_by=by if by and by.pk != person.user_id else None, ends_at=at + BY_LINK if by_link else None,
    )  # fmt: skip
    record("calendar.made", about=feed, by=by or person, at=at)
    return token


@transaction.atomic
def stop_feed(person, *, program, by, at) -> bool:
    """Nobody reads that address any more. Returns whether there was one."""
    return end_feeds(person, program, by=by, at=at)


def end_feeds(person, program, *, by, at):
    feed = Feed.objects.live().filter(person=person, program=program).first()
    moved = feed and Feed.objects.live().filter(pk=feed.pk).update(ended_at=at, ended_by=by)
    if moved:
        record("calendar.stopped", about=feed, by=by or person, at=at)
    return bool(moved)


@transaction.atomic
def stop_feeds_by_link(person, *, program, at):
    """Somebody else reads this person's links: what was made by one stops."""
    if Feed.objects.live().filter(person=person, program=program, ends_at__isnull=False).exists():
        end_feeds(person, program, by=None, at=at)


def settle_feed(stays, goes, at):
    """Of two addresses of one person one stops, for one person has one."""
    Feed.objects.live().filter(pk=goes.pk).update(ended_at=at)


@transaction.atomic
def open_own_meetings(person, *, program, at) -> str:
    """A short-lived link to somebody's own meetings, for whoever is on their own page. Returns the token."""
    return issue_link(
        purpose=OWN_PURPOSE, person=person, about=person, program=program, at=at, expires_at=at + OPENS_FOR
    )
