"""The ways to reach somebody: added, put in order, put right, noted as silent or working, and dropped."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record, record_many
from rapport.audit.models import Event
from rapport.core.refused import Refused
from rapport.people.actions.sharing import now_shared
from rapport.people.models import UNORDERED, ContactPoint, Interpreter, Participant, Person
from rapport.people.questions import is_no_interpreter, is_of_the_family

RENEWED = [
    "value", "is_private", "broken_at", "said_by", "said_at", "said_why", "known_then", "asked_by", "asked_at",
    "asked_why", "changed_since",
]  # fmt: skip


class AlreadyThere(Refused):
    """This very way to reach them is known already."""

    sentence = lazy("We know this way to reach them already.")


class NoInterpreter(Refused):
    """A child, or somebody of the family, speaks for nobody."""

    sentence = lazy(
        "Choose somebody else. An interpreter is grown up, and never a child of the family or a brother or sister of "
        "the mentee: nobody can say in front of them what has to be said."
    )


@transaction.atomic
def add_contact_point(person, *, about, kind, value, is_shared, is_first=False, is_child=False, by, at, **more):
    """Add a way to reach somebody. It is private only where we are told so and nobody else is known to have it.

    Of a young person one word is not enough where a shared way like it was dropped before: it may be that very one.
    `about`: the participant on whose page it is done; `more`: note, best times, interpreter. Raises AlreadyThere.
    """
    is_private = not is_shared and kind not in ContactPoint.BY_OTHERS
    facts = {"is_private": is_private, **more}
    if is_private and is_child and was_shared(person, kind):
        facts |= {"is_private": False, "asked_by": by, "asked_at": at, "asked_why": _("it is said to be a new one")}
    point, is_new = ContactPoint.objects.get_or_create(person=person, kind=kind, value=value, defaults=facts)
    if not is_new:
        raise AlreadyThere(point)
    if is_first:
        put_first(point, about=about, by=by, at=at)
    now_shared([person.pk])
    point.refresh_from_db(fields=["is_private", "rank"])
    record("contact.added", about=about, by=by, at=at, kind=kind, is_private=point.is_private)
    return point


def was_shared(person, kind):
    """Whether a way of this kind (of numbers, either) that others read was dropped before: the trail remembers."""
    numbers = (ContactPoint.Kind.TEXT, ContactPoint.Kind.PHONE)
    kinds = numbers if kind in numbers else (kind,)
    pages = Participant.objects.filter(Q(person=person) | Q(person__guardians__adult=person)).values("pk")
    dropped = Event.objects.filter(verb="contact.dropped", about_type="people.participant", about_id__in=pages)
    return dropped.filter(facts__person=person.pk, facts__kind__in=kinds, facts__is_private=False).exists()


@transaction.atomic
def change_contact_point(point, *, about, by, at, **facts):
    """Put right the note and the best times of a way. What it leads to is dropped and added anew instead."""
    before = {name: getattr(point, name) for name in facts}
    ContactPoint.objects.filter(pk=point.pk).update(**facts)
    changed = [name for name in facts if before[name] != facts[name]]
    if changed:
        record("contact.changed", about=about, by=by, at=at, kind=point.kind, changed=changed)


@transaction.atomic
def put_first(point, *, about, by, at):
    """They like this way best. The others keep their order behind it."""
    Person.objects.select_for_update().get(pk=point.person_id)  # two presses at once: one after the other
    others = list(point.person.contact_points.exclude(pk=point.pk).exclude(rank=UNORDERED).order_by("rank", "pk"))
    for place, one in enumerate([point, *others], start=1):
        one.rank = min(place, UNORDERED)
    ContactPoint.objects.bulk_update([point, *others], ["rank"])
    record("contact.first", about=about, by=by, at=at, kind=point.kind)


@transaction.atomic
def note_silent(point, *, about, by, at):
    """Nothing arrives there: it is used no more until somebody says that it works."""
    moved = ContactPoint.objects.filter(pk=point.pk, broken_at=None).update(broken_at=at)
    if moved:
        record("contact.silent", about=about, by=by, at=at, kind=point.kind)
    return bool(moved)


@transaction.atomic
def note_working(point, *, about, by, at):
    """It works again."""
    moved = ContactPoint.objects.filter(pk=point.pk).exclude(broken_at=None).update(broken_at=None)
    if moved:
        record("contact.works", about=about, by=by, at=at, kind=point.kind)
    return bool(moved)


@transaction.atomic
def drop_contact_point(point, *, about, by, at):
    """Forget one way to reach somebody. What was shared stays shared: we know no better who reads it."""
    gone, _of = ContactPoint.objects.filter(pk=point.pk).delete()
    if gone:
        facts = {"kind": point.kind, "person": point.person_id, "is_private": point.is_private}
        record("contact.dropped", about=about, by=by, at=at, **facts)


@transaction.atomic
def renew_addresses(renewals, *, by, at):
    """Other words for where guardians are reached, as their school has them: (participant, person, kind, value, point).

    Without a point it is one more. What was said of who reads the old one says nothing of the new. Returns the points,
    and the keys of those that are private no more.
    """
    renewed, added = [], []
    for _about, person, kind, value, point in renewals:
        if point is None:
            added.append(ContactPoint(person=person, kind=kind, value=value))
            continue
        point.value, point.is_private, point.broken_at = value, True, None
        point.said_by, point.said_at, point.said_why, point.known_then = None, None, "", []
        point.asked_by, point.asked_at, point.asked_why, point.changed_since = None, None, "", False
        renewed.append(point)
    ContactPoint.objects.bulk_update(renewed, RENEWED)
    ContactPoint.objects.bulk_create(added)
    for kind in ("email", "phone"):
        about = [participant for participant, _person, of, *_ in renewals if of == kind]
        record_many("contact.renewed", about=about, by=by, at=at, kind=kind)
    return [*renewed, *added], now_shared([person.pk for _about, person, *_ in renewals])


@transaction.atomic
def note_reading(person, *, about, language, reads_it, by, at):
    """In which language they are spoken and written to, and whether they read it. Who does not is talked with."""
    before = {"language": person.language, "reads_it": person.reads_it}
    after = {"language": language, "reads_it": reads_it}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    Person.objects.filter(pk=person.pk).update(**after)
    if changed:
        record("person.reads", about=about, by=by, at=at, **changed)


@transaction.atomic
def name_interpreter(program, *, name, reach="", languages="", is_service=False, promised_on, person, by, at):
    """Note who interprets, with the day of their own promise to keep it to themselves. Known by name in a program.

    `person`: for whom they interpret. Raises NoInterpreter.
    """
    refuse_the_family(name, person, program, at)
    facts = {"reach": reach, "languages": languages, "is_service": is_service, "promised_on": promised_on}
    there, is_new = Interpreter.objects.get_or_create(
        program=program, name=name, defaults={**facts, "noted_by": by, "noted_at": at}
    )
    if is_new:
        record("interpreter.named", about=there, by=by, at=at, promised_on=str(promised_on))
    return there


@transaction.atomic
def let_interpret(interpreter, *, person, about, by, at):
    """Let an interpreter who promised speak between this person and the program. Raises NoInterpreter, AlreadyThere."""
    refuse_the_family(interpreter.name, person, about.program, at)
    kind = ContactPoint.Kind.INTERPRETER
    facts = {"kind": kind, "value": interpreter.name, "is_shared": True, "interpreter": interpreter}
    return add_contact_point(person, about=about, **facts, by=by, at=at)


def refuse_the_family(name, person, program, at):
    if is_no_interpreter(name, person, program, at) or is_of_the_family(name, person):
        raise NoInterpreter(person)
