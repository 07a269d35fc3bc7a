"""Who saw or said what about somebody in a span of time: before a restriction was known, while a birth date was wrong.

Told from what the house keeps: letters that left, answers, talks, and the trail. Opening one's own page leaves no row,
and the page says so.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.audit.models import Event
from rapport.checkins.models import Answer, Conversation
from rapport.matches.models import Match, Member
from rapport.outbox.models import Message, called
from rapport.outbox.settling import whom_they_tell_of
from rapport.people.models import Participant

MOST = 100  # rows of one kind on one page
BATCH = 500
RECENT = 2  # the level up to which what was done is told to whoever may edit (security.md §2.2)
SEALED = 4


@dataclass(frozen=True)
class Seen:
    """One thing that one person got, said or opened."""

    at: datetime
    who: Any
    what: str
    kind: str


def seen_by(readers, subject, since, until, *, program, level=RECENT):
    """What these people saw or said about the subject in that time in this program, newest first.

    In a handful of queries; of letters, one for each five hundred that left for them.
    """
    people = {person.pk: person for person in readers}
    places = Member.objects.filter(program=program, participant__person=subject)
    matches = list(places.values_list("match", flat=True))
    rows = [
        *islice(letters(people, subject, since, until, program), MOST),
        *answers(people, matches, since, until),
        *talks(people, matches, subject, since, until, program, level),
        *pages(people, matches, subject, since, until, program, level),
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def letters(people, subject, since, until, program):
    """Letters that left for them and tell of the subject; of the subject's own, all. Newest first."""
    sent = Message.objects.filter(program=program, to__in=people, state=Message.State.ACCEPTED)
    keys = list(sent.filter(final_at__gte=since, final_at__lt=until).order_by("-final_at").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        messages = list(Message.objects.filter(pk__in=keys[start : start + BATCH]).order_by("-final_at"))
        spoken_of = whom_they_tell_of(messages)
        for one in messages:
            if subject.pk in spoken_of[one.pk] or one.to_id == subject.pk:
                what = _("a letter left: %(kind)s") % {"kind": called(one.kind)}
                yield Seen(one.final_at, people[one.to_id], what, "letter")


def answers(people, matches, since, until):
    rows = Answer.objects.filter(
        check_in__person__in=people, check_in__match__in=matches, answered_at__gte=since, answered_at__lt=until
    )
    for one in rows.select_related("check_in").order_by("-answered_at")[:MOST]:
        yield Seen(one.answered_at, people[one.check_in.person_id], _("opened the link and answered"), "answer")


def talks(people, matches, subject, since, until, program, level):
    near = Q(match__in=matches) | Q(person=subject)
    rows = Conversation.objects.filter(near, program=program, person__in=people, level__lte=level, level__lt=SEALED)
    rows = rows.filter(at__gte=since, at__lt=until)
    for one in rows.select_related("by").order_by("-at")[:MOST]:
        yield Seen(one.at, people[one.person_id], _("%(name)s talked with them") % {"name": one.by.first_name}, "talk")


def pages(people, matches, subject, since, until, program, level):
    """What those who sign in opened or did: the trail keeps readings of level 3 and up, and everything done."""
    users = {person.user_id: person for person in people.values() if person.user_id}
    places = Participant.objects.filter(program=program, person=subject).values("pk")
    about = (
        Q(about_type=Participant._meta.label_lower, about_id__in=places)
        | Q(about_type=Match._meta.label_lower, about_id__in=matches)
        | Q(about_type="people.person", about_id=subject.pk)
    )
    rows = Event.objects.filter(
        about, program_id=program.pk, actor_id__in=users, actor_label__startswith="user: ", level__lte=level
    )
    for one in rows.filter(at__gte=since, at__lt=until).order_by("-at")[:MOST]:
        words = _("read: %(what)s") if one.kind == Event.Kind.READ else _("did: %(what)s")
        yield Seen(one.at, users[one.actor_id], words % {"what": one.verb.replace(".", " ").replace("-", " ")}, "page")
