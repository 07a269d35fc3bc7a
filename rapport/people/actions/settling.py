"""Of two rows that say the same of one person, what the one that stays takes from the other: the stricter of both."""

from rapport.audit.actions import record_many
from rapport.core.days import first_day_on_earth
from rapport.people.models import ContactPoint, Guardianship, Participant

WHO_READS_IT = ("said_by_id", "said_at", "said_why", "known_then")


def settle_way(stays, goes, at):
    """One address or number. What somebody said of who reads it holds; where two said otherwise, others read it."""
    facts = {"broken_at": stays.broken_at or goes.broken_at, "note": stays.note or goes.note}
    if goes.said_at and (not stays.said_at or (stays.is_private and not goes.is_private)):
        facts |= {name: getattr(goes, name) for name in WHO_READS_IT}
    facts["is_private"] = stays.is_private and goes.is_private
    facts["changed_since"] = stays.changed_since or goes.changed_since
    ContactPoint.objects.filter(pk=stays.pk).update(**facts)


def nothing_more(stays, goes, at):
    """Both say the very same."""


def settle_guardianship(stays, goes, at):
    """What both allow is allowed. Where one has ended, it has ended: nobody stands for a child again by this. Both have
    begun once it is so anywhere on earth: a family may be of several programs."""
    ends = [one.ends_on for one in (stays, goes) if one.ends_on]
    begun = [one.starts_on for one in (stays, goes) if one.starts_on <= first_day_on_earth(at)]
    starts = min(begun) if len(begun) == 2 else max(stays.starts_on, goes.starts_on)
    ends_on = min(ends) if ends else None
    Guardianship.objects.filter(pk=stays.pk).update(
        relation=stays.relation or goes.relation,
        is_told=stays.is_told and goes.is_told,
        consents=stays.consents and goes.consents,
        sees_progress=stays.sees_progress and goes.sees_progress,
        starts_on=min(starts, ends_on) if ends_on else starts,
        ends_on=ends_on,
    )


def settle_participant(stays, goes, at):
    """One part in a program. Who still takes part takes part; the words of the kept record come first."""
    ended = [one.left_at for one in (stays, goes) if one.left_at]
    now = goes if stays.left_at and not goes.left_at else stays
    Participant.objects.filter(pk=stays.pk).update(
        site=now.site_id or stays.site_id or goes.site_id,
        capacity=now.capacity,
        would_be_both=stays.would_be_both or goes.would_be_both,
        traits={**goes.traits, **stays.traits},
        joined_at=min(stays.joined_at, goes.joined_at),
        left_at=max(ended) if len(ended) == 2 else None,
    )


def tell_of_guardianships(rows, *, by, at, **facts):
    """The trail says of each that somebody spoke of it: no list and no taking back of a list changes it by itself."""
    record_many("guardianship.changed", about=rows, by=by, at=at, **facts)
