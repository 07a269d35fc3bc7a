"""Somebody else reads a link: a yes to an outing that was pressed there is to be confirmed."""

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.meetings.actions.outings import Channel, call, follow
from rapport.meetings.models import Outing
from rapport.meetings.outings.standing import standing_of

TO_CONFIRM = lazy(
    "The yes to the outing of %(day)s may be somebody else's, for another reads that address: it waits for the word "
    "again. Ask at home by another way."
)
OUT_NOW = lazy(
    "They are out on the outing of %(day)s, and the yes to it may be somebody else's, for another reads that address. "
    "Call home at once by another way."
)


@transaction.atomic
def doubt_outings(links, *, at):
    """A yes pressed where somebody else reads is to be confirmed: an outing ahead waits for the word again. While they
    are out, a person is called, and nothing is called off over their heads."""
    found = links.filter(about_type=type_of(Outing)).values_list("about_id", "person").distinct()
    said: dict = {}
    for outing, person in found:
        said.setdefault(outing, []).append(person)
    standing = Outing.objects.filter(pk__in=said, called_off_at=None, ends_at__gt=at)
    for outing in standing.select_for_update(of=("self",)).select_related("program").order_by("pk"):
        doubt_outing(outing, said[outing.pk], at=at)


def doubt_outing(outing, people, *, at):
    pressed = outing.words.counted().filter(said_by__in=people, is_yes=True, channel=Channel.LINK)
    word, before = pressed.last(), standing_of(outing, at)
    if word is None:
        return
    pressed.update(astray_at=at)
    record("outing.to-confirm", about=outing, by=None, at=at)
    cause, is_ahead = f"to-confirm:{word.pk}", outing.starts_at > at
    if is_ahead:
        follow(outing, before, cause=cause, by=None, at=at)
    call(outing, cause, TO_CONFIRM if is_ahead else OUT_NOW, at=at)
