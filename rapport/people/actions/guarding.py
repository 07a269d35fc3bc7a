"""Who stands for a child, with which rights, from when to when; and the birth date on which it ends."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record, record_many
from rapport.core.refused import Refused
from rapport.people import enrolling
from rapport.people.actions.bringing import BATCH, add_person
from rapport.people.actions.likening import note_likenesses
from rapport.people.models import Guardianship, Person

RIGHTS = ("is_told", "consents", "sees_progress")


class StandsAlready(Refused):
    """This adult stands for this child now."""

    sentence = _("This adult stands for this child already. Change what they may instead.")


class NotTheirOwn(Refused):
    """Nobody stands for themselves, and a child for nobody."""

    sentence = _("Nobody can be their own guardian, and a guardian must be grown up.")


class NotThatDay(Refused):
    """It cannot end before it began."""

    sentence = _("It cannot end before it began. Look at both days.")


@transaction.atomic
def entrust(pairs, *, relation, starts_on, by, at):
    """Note that these adults stand for these children, each pair once. Returns how many were new.

    Pairs that ended stay ended: a list knows nothing of why.
    """
    standing = enrolling.guardianships_between(pairs)
    new = [
        Guardianship(adult=adult, child=child, relation=relation, starts_on=starts_on)
        for adult, child in dict.fromkeys(pairs)
        if (adult.pk, child.pk) not in standing
    ]
    Guardianship.objects.bulk_create(new, batch_size=BATCH)
    record_many("guardianship.noted", about=new, by=by, at=at)
    return len(new)


@transaction.atomic
def stand_for(*, adult, child, relation, starts_on, ends_on=None, by, at, **rights):
    """Let an adult stand for a child, with these rights; one who did before does so again, from a new day.

    Raises StandsAlready, NotTheirOwn, NotThatDay.
    """
    refuse_odd(adult, child, starts_on, ends_on)
    facts = {"relation": relation, "starts_on": starts_on, "ends_on": ends_on} | rights
    Person.objects.select_for_update().get(pk=child.pk)  # two presses at once: the second finds the first
    there = Guardianship.objects.select_for_update().filter(adult=adult, child=child).first()
    if there is None:
        there = Guardianship.objects.create(adult=adult, child=child, **facts)
    elif there.ends_on is None or there.ends_on > starts_on:
        raise StandsAlready(there)
    else:
        Guardianship.objects.filter(pk=there.pk).update(**facts)
        there.refresh_from_db()
    record("guardianship.noted", about=there, by=by, at=at, **{name: rights[name] for name in RIGHTS if name in rights})
    note_likenesses([adult], at=at)
    return there


class ChangedMeanwhile(Refused):
    """Somebody else wrote about this guardianship after the page was opened."""

    sentence = _("Somebody changed this a moment ago. Look at it again before you write.")


def as_it_stands(guardianship):
    """A guardianship's words in one line: a page that was opened before they changed does not write over them."""
    names = ("relation", "starts_on", "ends_on", *RIGHTS)
    return "|".join(str(said(getattr(guardianship, name))) for name in names)


@transaction.atomic
def change_guardianship(guardianship, *, relation, starts_on, ends_on=None, seen="", by, at, **rights):
    """Put right what an adult is to a child, from when to when, and what they may.

    `seen`: how it stood when the page was opened (`as_it_stands`). Raises NotThatDay, NotTheirOwn, ChangedMeanwhile.
    """
    refuse_odd(guardianship.adult, guardianship.child, starts_on, ends_on)
    now = Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    if as_it_stands(now) != (seen or as_it_stands(guardianship)):
        raise ChangedMeanwhile(guardianship)
    facts = {"relation": relation, "starts_on": starts_on, "ends_on": ends_on} | rights
    changed = {name: [said(getattr(guardianship, name)), said(new)] for name, new in facts.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        Guardianship.objects.filter(pk=guardianship.pk).update(**facts)
        record("guardianship.changed", about=guardianship, by=by, at=at, **changed)
    return bool(changed)


@transaction.atomic
def end_guardianship(guardianship, *, ends_on, by, at):
    """From this day on they stand for the child no more. What they said and agreed to stays. Raises NotThatDay."""
    if ends_on < guardianship.starts_on:
        raise NotThatDay(guardianship)
    moved = Guardianship.objects.filter(pk=guardianship.pk, ends_on=guardianship.ends_on).update(ends_on=ends_on)
    if moved:
        record("guardianship.ended", about=guardianship, by=by, at=at, ends_on=str(ends_on))
    return bool(moved)


@transaction.atomic
def end_guardianships(guardianships, *, ends_on, by, at):
    """The same for many that have no end yet; one that has not begun is left to a person. Returns those that ended."""
    rows = Guardianship.objects.filter(pk__in=[one.pk for one in guardianships], ends_on=None, starts_on__lte=ends_on)
    ended = list(rows.select_for_update())
    Guardianship.objects.filter(pk__in=[one.pk for one in ended]).update(ends_on=ends_on)
    record_many("guardianship.ended", about=ended, by=by, at=at, ends_on=str(ends_on))
    return ended


def refuse_odd(adult, child, starts_on, ends_on):
    if adult.pk == child.pk or (adult.born_on and not adult.is_adult(starts_on)):
        raise NotTheirOwn(adult)
    if ends_on and ends_on < starts_on:
        raise NotThatDay(adult)


def said(value):
    """A value as the trail keeps it."""
    return value if isinstance(value, bool | str) or value is None else str(value)


@transaction.atomic
def find_or_add_adult(organization, *, given_name, family_name="", email="", phone="", language="", by, at):
    """Somebody who takes no part: known by address and first name, or new."""
    for person in enrolling.by_address(organization, [email.lower()]).get(email.lower(), []) if email else []:
        if person.given_name.casefold() == given_name.casefold():
            return person
    return add_person(
        organization=organization, given_name=given_name, family_name=family_name, email=email, phone=phone,
        language=language or "en", by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def correct_birth_date(participant, *, born_on, by, at):
    """Put a birth date right. The trail keeps both, so that who saw what meanwhile can be told. Returns the old one."""
    before = Person.objects.select_for_update().get(pk=participant.person_id).born_on
    if before != born_on:
        Person.objects.filter(pk=participant.person_id).update(born_on=born_on)
        participant.person.born_on = born_on
        record(
            "participant.birth-date", about=participant, by=by, at=at,
            born_on=[str(before) if before else "", str(born_on)],
        )  # fmt: skip
    return before
