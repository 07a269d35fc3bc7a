"""What pages ask about imports, in a fixed number of queries."""

from django.db.models import Count, OuterRef, Q, Subquery

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.imports.models import Deed, Import, Row
from rapport.matches.models import Match, Member
from rapport.people.models import ExternalId, Guardianship, Participant, Restriction, kept_from

MOST_SHOWN = 200  # of those a roster leaves to a person


def counts_of(staged):
    """How many rows of each import are new, changed, unchanged and bad."""
    unknown = counted([one for one in staged if not one.counts])
    return {one.pk: one.counts or unknown[one.pk] for one in staged}


def counted(staged):
    """The same from the rows themselves, for what came in before the figures were kept; in one query."""
    counts = {one.pk: dict.fromkeys(map(str, Row.Outcome), 0) for one in staged}
    if not counts:
        return counts
    rows = Row.objects.filter(source__in=counts).order_by().values_list("source", "outcome").annotate(n=Count("pk"))
    for source, outcome, n in rows:
        counts[source][outcome] = n
    return counts


def undone_of(staged):
    """Of a list that was taken back: how many went, and how many stay. None of any other."""
    if staged.state != Import.State.UNDONE:
        return None
    deeds = Deed.objects.filter(row__source=staged)
    return deeds.aggregate(gone=Count("undone_at"), stay=Count("pk", filter=~Q(stays="")))


def gone_of(staged):
    """Those who were on the roster before and are on this one no more, each with the `said_id` it knew them by."""
    ids = ExternalId.objects.filter(person=OuterRef("person"), source=staged.mapping.get("source", ""))
    found = Participant.objects.filter(program=staged.program_id, pk__in=staged.mapping.get("gone", []))
    found = found.annotate(said_id=Subquery(ids.order_by("-pk").values("value")[:1]))
    return found.select_related("person", "program", "site").order_by("person__family_name", "person__given_name", "pk")


def may_read_rows(user, at) -> bool:
    """Whether the rows of lists may be shown to this user.

    Nobody can tell of every row whom it is about, and already what becomes of a row tells whether somebody is known
    here. So who is kept away from anybody, or stands for a child, sees of a list how long it is and nothing else,
    whoever is in it; a colleague reads it.
    """
    return not (list(kept_from(user, at)) or Guardianship.objects.filter(adult__user=user).exists())


def left_to(user, staged, at):
    """Of a roster, what is left to this user to look at: who is on it no more, and guardians it names in vain."""
    if staged.what != "roster" or staged.state in (Import.State.DROPPED, Import.State.UNDONE):
        return {}
    here = Participant.objects.visible_to(user, Right.IMPORT, at)
    gone = list(gone_of(staged).filter(pk__in=here.values("pk"))[:MOST_SHOWN])
    matches = Match.objects.visible_to(user, Right.IMPORT, at).open()
    members = Member.objects.filter(participant__in=[one.pk for one in gone], match__in=matches)
    paired = set(members.values_list("participant", flat=True))
    return {"gone": [(one, one.pk in paired) for one in gone], "held": held_of(user, staged, at)}


def held_of(user, staged, at):
    """(name, pupil) of guardians the roster names in vain: it has ended, or somebody is kept away from the pupil.

    Only for those who may know of a restriction, and never for one whom it is about.
    """
    named = staged.mapping.get("held", [])[:MOST_SHOWN]
    pupils = Participant.objects.visible_to(user, Right.RESTRICTION_EDIT, at).mentees()
    pupils = pupils.filter(program=staged.program_id, person__in=[child for _adult, child, _name in named])
    known = {one.person_id: one for one in pupils.select_related("person", "program")}
    if not known:
        return []
    near = Guardianship.objects.filter(adult__user=user).values("child")
    ended = Guardianship.objects.filter(child__in=known, ends_on__lte=day_in(at, staged.program.zone))
    ended = ended.exclude(adult__user=user).exclude(child__in=near)
    kept = Restriction.objects.visible_to(user, at).filter(subject__in=known)
    shown, protected = set(ended.values_list("adult", "child")), set(kept.values_list("subject", flat=True))
    return [(name, known[child]) for adult, child, name in named if child in protected or (adult, child) in shown]
