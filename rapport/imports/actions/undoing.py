"""Taking back what a list of people, or a roster, did, while nothing hangs on it."""

from datetime import date

from django.apps import apps
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.models import Event
from rapport.core.pointing import who_points_at
from rapport.imports.actions.deeds import taken_back_since
from rapport.people.actions.sharing import now_shared
from rapport.people.models import ContactPoint, ExternalId, Guardianship, Likeness, Participant, Person

BATCH = 500
IN_ORDER = (Guardianship, ContactPoint, ExternalId, Participant, Person)  # what hangs on something leaves before it
KINDS = {model._meta.label_lower: model for model in IN_ORDER}
CONTACT = "contact."  # and the key of a way to reach a guardian
PLAIN_REASONS = {  # what everybody who may bring lists may know of; all else is "something"
    "matches.member": lazy("They are in a match."),
    "onboarding.gate": lazy("A check of theirs has been recorded."),
    "people.contactpoint": lazy("A way to reach them was added since."),
    "people.guardianship": lazy("Somebody stands for them, or they for somebody."),
    "people.participant": lazy("They take part elsewhere, too."),
}


def hold_still(deeds):
    """Nobody writes about these people, or hangs something on them, until the batch is done."""
    people = made_by(deeds)[Person] | {deed.person_key for deed in deeds}
    participants = {deed.participant_key for deed in deeds}
    for model, keys in ((Person, people), (Participant, participants)):
        list(model.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def take_back(going, deeds):
    """Undo what those who go were done; and what only these deeds made shared may be private again."""
    remove(going)
    put_back(going)
    make_private_again(deeds)


def made_by(deeds):
    """{model: keys} of what these deeds made."""
    made = {model: set() for model in IN_ORDER}
    for deed in deeds:
        for label, keys in deed.made.items():
            made[KINDS[label]].update(keys)
    return made


def why_they_stay(deeds):
    """{deed: reason} of those something hangs on; a person who stays holds what hangs on them, and so on."""
    reasons = changed_since(deeds)
    while True:
        going = [deed for deed in deeds if deed.pk not in reasons]
        held = who_is_held(going)
        more = {deed.pk: words for deed in going if (words := held_by(deed, held))}
        if not more:
            return reasons
        reasons |= more


def who_is_held(going):
    leaving = made_by(going)
    people = {deed.person_key for deed in going if deed.person_key in leaving[Person]}
    leaving[Likeness] = likenesses_of(leaving[Person])
    return {
        Person: who_points_at(Person, people, leaving),
        Participant: who_points_at(Participant, leaving[Participant], leaving),
    }


def likenesses_of(people):
    """What was noted of their looking like somebody leaves with them, and holds nobody."""
    rows = Likeness.objects.filter(Q(first__in=people) | Q(second__in=people))
    return set(rows.values_list("pk", flat=True))


def held_by(deed, held):
    models = held[Person].get(deed.person_key, set()) | held[Participant].get(deed.participant_key, set())
    plain = [words for label, words in PLAIN_REASONS.items() if apps.get_model(label) in models]
    if models:
        return str(plain[0]) if plain else _("Something has been recorded about them since.")
    return ""


def guardianships_touched(deeds):
    """Those whose rows made a guardianship that staff ended or put right since; also where it is gone by now."""
    made = {deed.pk: set(deed.made.get("people.guardianship", ())) for deed in deeds}
    keys = set().union(*made.values())
    rows = Event.objects.filter(
        kind=Event.Kind.WRITE, about_type="people.guardianship", about_id__in=keys,
        verb__in=["guardianship.changed", "guardianship.ended"],
    )  # fmt: skip
    last = dict(rows.order_by().values_list("about_id").annotate(last=Max("pk")))
    return {deed.pk for deed in deeds if any(last.get(key, 0) > deed.seen_to for key in made[deed.pk])}


def changed_since(deeds):
    """{deed: reason} of those about whom somebody wrote something since, or where another value stands by now."""
    later = {}
    for label, name in (("people.participant", "participant_key"), ("people.person", "person_key")):
        keys = {getattr(deed, name) for deed in deeds}
        rows = Event.objects.filter(kind=Event.Kind.WRITE, about_type=label, about_id__in=keys)
        rows = rows.exclude(pk__in=taken_back_since(deeds, label, name))
        later[name] = dict(rows.order_by().values_list("about_id").annotate(last=Max("pk")))
    touched = guardianships_touched(deeds)
    words = _("Something about them was changed since.")
    reasons = {}
    people, participants = records_of(deeds)
    points = points_of(deeds)
    for deed in deeds:
        if any(change["what"] == "guardian-ended" for change in deed.row.changes):
            reasons[deed.pk] = _("A guardianship ended with it. Whether it holds again is for a person to say.")
            continue
        is_written = any(later[name].get(getattr(deed, name), 0) > deed.seen_to for name in later)
        if is_written or deed.pk in touched or is_otherwise(deed, people, participants, points):
            reasons[deed.pk] = words
    return reasons


def records_of(deeds):
    people = Person.objects.in_bulk({deed.person_key for deed in deeds})
    return people, Participant.objects.in_bulk({deed.participant_key for deed in deeds})


def is_otherwise(deed, people, participants, points):
    """Whether somebody is gone, signs in by now, or has another value than the row gave."""
    person, participant = people.get(deed.person_key), participants.get(deed.participant_key)
    if person is None or participant is None:
        return True
    if person.user_id and person.pk in deed.made.get("people.person", []):
        return True
    now = {name: value for name, value in points.items() if name in deed.was}
    now |= {name: now_of(name, person, participant) for name in deed.was if not name.startswith(CONTACT)}
    return any(now.get(name) != new for name, (_old, new) in deed.was.items())


def points_of(deeds):
    """{contact.key: address} of the ways to reach guardians that these deeds changed, as they are now; None where
    somebody wrote the old one down again beside it."""
    old = {int(name.removeprefix(CONTACT)): pair[0] for deed in deeds for name, pair in deed.was.items()
           if name.startswith(CONTACT)}  # fmt: skip
    points = ContactPoint.objects.in_bulk(old)
    beside = ContactPoint.objects.filter(
        person__in={point.person_id for point in points.values()}, value__in=old.values()
    )
    there = set(beside.values_list("person", "kind", "value"))
    return {
        f"{CONTACT}{pk}": None if (point.person_id, point.kind, old[pk]) in there else point.value
        for pk, point in points.items()
    }


def now_of(name, person, participant):
    kind, _, field = name.partition(".")
    record_ = person if kind == "person" else participant
    value = getattr(record_, "site_id" if field == "site" else field)
    return value.isoformat() if isinstance(value, date) else value


def remove(going):
    """Remove what these deeds made. A guardian they brought stays while somebody else leads to them."""
    made = made_by(going)
    main = {deed.person_key for deed in going}
    adults = made[Person] - main
    for model in IN_ORDER[:-1]:
        mine = ContactPoint.objects.exclude(person__in=adults) if model is ContactPoint else model.objects
        mine = ExternalId.objects.exclude(person__in=adults) if model is ExternalId else mine
        mine.filter(pk__in=made[model]).delete()
    Person.objects.filter(pk__in=made[Person] & main).delete()
    made[Likeness] = likenesses_of(adults)
    held = who_points_at(Person, adults, made)
    Person.objects.filter(pk__in=[pk for pk in adults if pk not in held]).delete()


def put_back(going):
    """Give every field that a row changed its value from before, and touch no other."""
    people, participants = records_of([deed for deed in going if deed.was])
    changed: dict[tuple, set] = {}
    renamed = {int(name.removeprefix(CONTACT)) for deed in going for name in deed.was if name.startswith(CONTACT)}
    for deed in going:
        for name, (old, new) in deed.was.items():
            if name.startswith(CONTACT):
                ContactPoint.objects.filter(pk=int(name.removeprefix(CONTACT)), value=new).update(value=old)
                continue
            kind, _, field = name.partition(".")
            value = date.fromisoformat(old) if field == "born_on" and old else old
            one = people[deed.person_key] if kind == "person" else participants[deed.participant_key]
            setattr(one, "site_id" if field == "site" else field, value)
            changed.setdefault((type(one), field), set()).add(one)
    for (model, field), rows in changed.items():
        model.objects.bulk_update(rows, [field], batch_size=BATCH)
    now_shared(list(ContactPoint.objects.filter(pk__in=renamed).values_list("person", flat=True)))


def make_private_again(deeds):
    """What only the list made shared is private again, where nobody else has it and nobody has said otherwise."""
    points = ContactPoint.objects.filter(pk__in=[pk for deed in deeds for pk in deed.shared], is_private=False)
    values = set(points.values_list("value", flat=True))
    crowded = ContactPoint.objects.filter(value__in=values).order_by().values("value")
    crowded = crowded.annotate(n=Count("person", distinct=True)).filter(n__gt=1).values_list("value", flat=True)
    told = Event.objects.filter(verb__startswith="contact.", pk__gt=min((deed.seen_to for deed in deeds), default=0))
    told = told.filter(about_type="people.participant").values("about_id")
    alone = points.exclude(value__in=list(crowded)).exclude(person__participations__in=told)
    ContactPoint.objects.filter(pk__in=list(alone.values_list("pk", flat=True))).update(is_private=True)
