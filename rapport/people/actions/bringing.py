"""Bringing people in, and what they say about themselves."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record, record_many
from rapport.core.refused import Refused
from rapport.people import enrolling
from rapport.people.actions.families import save_families
from rapport.people.actions.likening import keep_rows_apart, note_likenesses
from rapport.people.actions.sharing import now_shared
from rapport.people.enrolling import Outcome
from rapport.people.models import Consent, ContactPoint, ExternalId, FormerName, Participant, Person
from rapport.people.questions import may_speak_for

PERSON_FIELDS = ["given_name", "family_name", "born_on", "language"]
PARTICIPANT_FIELDS = ["site", "capacity", "would_be_both", "traits"]
BATCH = 500


class NotAGuardian(Refused):
    """Only a living guardian who may consent can say this."""

    sentence = _("Only a guardian with the right to consent can say this, and only until the young person is 18.")


@transaction.atomic
def enroll(newcomers, *, program, side, by, at):
    """Bring people into a program on one side; known ones are updated. Returns what happened to each row, in order.

    Writes are a handful of queries for the whole batch. Rows that cannot be right are returned as bad and not written.
    """
    rows = enrolling.plan(newcomers, program=program, side=side, at=at)
    written = [row for row in rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]
    if written:
        written[0].made_shared = [*save_people(written), *save_families(written, by=by, at=at)]
        note_likenesses([one for row in written for one in row.made if isinstance(one, Person)], at=at)
        keep_what_was_said(written, program.organization, by=by, at=at)
    for verb, outcome in (("participant.enrolled", Outcome.NEW), ("participant.changed", Outcome.CHANGED)):
        record_many(verb, about=[row.participant for row in rows if row.outcome == outcome], by=by, at=at)
    return rows


def keep_what_was_said(rows, organization, *, by, at):
    """Whom somebody took a row for is known by its name, too; whom they told apart from it is not asked about again."""
    FormerName.objects.bulk_create([row.former_name for row in rows if row.former_name], batch_size=BATCH)
    apart = [(ref, row.person) for row in rows for ref in row.newcomer.not_same if row.person in row.made]
    if apart:
        known = enrolling.taken_for({ref for ref, _person in apart}, organization)
        keep_rows_apart([(known[ref], person) for ref, person in apart if ref in known], by=by, at=at)


def save_people(rows):
    """Write what the rows planned, people first. Returns the ways to reach somebody that are private no more."""
    for row in rows:
        new = [one for one in (row.person, row.participant) if one.pk is None]
        row.made += [*new, *row.contact_points, *filter(None, [row.external_id])]
    known = [r.person for r in rows if r.person.pk and any(f.startswith("person.") for f in r.changed_fields)]
    Person.objects.bulk_update(known, PERSON_FIELDS, batch_size=BATCH)
    Person.objects.bulk_create([r.person for r in rows if r.person.pk is None], batch_size=BATCH)
    for row in rows:
        row.participant.person = row.person
        for record_ in [*row.contact_points, *filter(None, [row.external_id])]:
            record_.person = row.person
    Participant.objects.bulk_create([r.participant for r in rows if r.participant.pk is None], batch_size=BATCH)
    old = [r.participant for r in rows if r.outcome == Outcome.CHANGED]
    Participant.objects.bulk_update(old, PARTICIPANT_FIELDS, batch_size=BATCH)
    points = [point for row in rows for point in row.contact_points]
    ContactPoint.objects.bulk_create(points, batch_size=BATCH, ignore_conflicts=True)
    ExternalId.objects.bulk_create([r.external_id for r in rows if r.external_id], batch_size=BATCH)
    return now_shared([r.person.pk for r in rows]) if points else []


@transaction.atomic
def add_person(*, organization, given_name, family_name="", born_on=None, language="en", email="", phone="", by, at):
    """Somebody new who is no participant: a guardian, a member of staff."""
    person = Person.objects.create(
        organization=organization,
        given_name=given_name,
        family_name=family_name,
        born_on=born_on,
        language=language,
        added_at=at,
    )
    points = [
        ContactPoint(person=person, kind=k, value=v) for k, v in (("email", email.lower()), ("phone", phone)) if v
    ]
    ContactPoint.objects.bulk_create(points)
    now_shared([person.pk])
    record("person.added", about=person, by=by, at=at)
    return person


@transaction.atomic
def let_sign_in(person, *, user, by, at):
    """Note who a user is as a human being; a person has one sign-in."""
    moved = Person.objects.filter(pk=person.pk, user=None).update(user=user)
    if moved:
        record("person.signs-in", about=person, by=by, at=at, user=user.pk)


@transaction.atomic
def say(
    *, program, person, given_by, purpose, is_given, by, at, channel="", text_version="", expires_at=None, language="",
    evidence="", given_at=None, as_guardian=False, about=None,
):  # fmt: skip
    """Write down a yes or a no to one purpose. A minor's own word, or that of a living guardian who may consent.

    `given_at`: when it was said, where it is written down later. `as_guardian`: of what they tell us themselves as the
    guardian they are. `about`: the question it was said to. Raises NotAGuardian. The last word counts, at once:
    queued messages ask again before they leave.
    """
    if given_by != person and not may_speak_for(given_by, person, at.astimezone(program.zone).date()):
        raise NotAGuardian(person)
    word = Consent.objects.create(
        program=program,
        person=person,
        given_by=given_by,
        purpose=purpose,
        is_given=is_given,
        as_guardian=as_guardian,
        channel=channel,
        evidence=evidence,
        recorded_by=None if isinstance(by, Person) else by,
        text_version=text_version,
        language=language or given_by.language,
        given_at=given_at or at,
        about=about,
        expires_at=expires_at,
    )
    record("consent.given" if is_given else "consent.refused", about=word, by=by, at=at, purpose=purpose)
    return word


@transaction.atomic
def change_participant(participant, *, site, language, capacity, by, at):
    """Put right where somebody takes part, in which language they read, and in how many matches at a time."""
    before = {"site": participant.site_id, "capacity": participant.capacity, "language": participant.person.language}
    Participant.objects.filter(pk=participant.pk).update(site=site, capacity=capacity)
    Person.objects.filter(pk=participant.person_id).update(language=language)
    after = {"site": site.pk if site else None, "capacity": capacity, "language": language}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        record("participant.changed", about=participant, by=by, at=at, **changed)
