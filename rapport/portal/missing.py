"""What is missing, by record and field: each leads to the page that mends it, and all of it goes home as a file."""

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, When
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.core.export import csv_response
from rapport.core.months import day_in
from rapport.onboarding.questions import child_in, has_all, missing_gates
from rapport.people.models import ContactPoint, Guardianship, Participant
from rapport.portal.matches import COUNTED, older, without_cursor
from rapport.portal.people import page_of
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page

FIELDS = {
    "born": lazy("birth date"),
    "guardian": lazy("guardian"),
    "way": lazy("a way to reach them"),
    "site": lazy("site"),
    "gates": lazy("checks"),
}
BATCH = 500


@staff_page(Right.PARTICIPANT_EDIT)
def missing(request, program):
    """People of whom something is missing, newest first."""
    at = timezone.now()
    only = request.GET.get("only", "")
    wanted = [only] if only in FIELDS else list(FIELDS)
    people = those(request, program, at)
    if request.GET.get("as") == "file":
        return as_file(request, program, people, wanted, at)
    seen = people.filter(any_of(wanted))
    before = request.GET.get("before", "")
    rows, has_more = page_of(seen, int(before) if before.isdecimal() and len(before) < 19 else None, program)
    numbers = how_many(people)
    context = {
        "rows": told(rows, program, wanted, at),
        "fields": [(name, words, numbers[name]) for name, words in FIELDS.items()],
        "only": only if only in FIELDS else "",
        "counted": COUNTED,
        "older": older(request, rows) if has_more else "",
        "first": without_cursor(request) if before else "",
    }
    return render(request, "portal/missing.html", context)


def those(request, program, at):
    """Who takes part here and may be put right by this reader, each with what of them is missing."""
    on = day_in(at, program.zone)
    people = participants_of(request.user, program, at, Right.PARTICIPANT_EDIT).active()
    return people.annotate(**{f"lacks_{name}": flag(condition) for name, condition in lacks(program, on).items()})


def lacks(program, on):
    """{field: the condition on a participant that it is missing}; nothing where it cannot be."""
    child, undated = child_in(program, on), Q(person__born_on=None)
    ways = ContactPoint.objects.working()
    guardians = Guardianship.objects.standing(on).filter(child=OuterRef("person"))  # asked of those who are children
    near = Exists(guardians.filter(Exists(ways.filter(person=OuterRef("adult")))))
    have_all = Q(pk__in=[])
    for side in Participant.Side:
        have_all |= Q(side=side) & has_all(program, side, on)
    return {
        "born": None if program.adults_only else undated,
        "guardian": child & (Q(side=Participant.Side.MENTEE) | ~undated) & ~Exists(guardians),
        "way": ~Exists(ways.filter(person=OuterRef("person"))) & ~(child & near),
        "site": Q(site=None) if program.sites.exists() else None,
        "gates": ~have_all,
    }


def flag(condition):
    whens = [] if condition is None else [When(condition, then=True)]
    return Case(*whens, default=False, output_field=BooleanField())


def any_of(wanted):
    found = Q()
    for name in wanted:
        found |= Q(**{f"lacks_{name}": True})
    return found


def how_many(people):
    """{field: of how many it is missing}, in one reading of all: each is looked up once, whatever is asked of them."""
    found = people.order_by().aggregate(**{name: Count("pk", filter=any_of([name])) for name in FIELDS})
    return {name: min(number, COUNTED + 1) for name, number in found.items()}


def told(rows, program, wanted, at):
    """(participant, [(field, what is missing in words, the page that mends it)])."""
    gates = (
        missing_gates(rows, day_in(at, program.zone), with_minor=not program.adults_only) if "gates" in wanted else {}
    )
    return [(one, [line for name in wanted for line in lines_of(one, name, program, gates)]) for one in rows]


def lines_of(one, name, program, gates):
    if not getattr(one, f"lacks_{name}"):
        return []
    place = mends(one, name, program)
    if name == "gates":
        return [(FIELDS[name], words, place) for words in gates[one.pk]]
    return [(FIELDS[name], FIELDS[name], place)]


def mends(one, name, program):
    """Where this is put right."""
    where = {"born": "portal:born", "guardian": "portal:guardian-add", "site": "portal:participant",
             "gates": "onboarding:gates"}  # fmt: skip
    if name == "way":
        return reverse("portal:reach-add", args=[program.slug, one.ref, one.person.ref])
    return reverse(where[name], args=[program.slug, one.ref])


def as_file(request, program, people, wanted, at):
    """A line for each thing that is missing: whose record, which field, and where it is put right."""
    record("people.missing-taken-home", about=program, by=request.user, at=at, fields=wanted)
    headings = [_("name"), _("side"), _("site"), _("what is missing"), _("in words"), _("page")]
    return csv_response(f"missing-{program.slug}.csv", headings, lines(request, program, people, wanted, at))


def lines(request, program, people, wanted, at):
    after, chosen = 0, people.filter(any_of(wanted)).select_related("person", "site").order_by("pk")
    while rows := list(chosen.filter(pk__gt=after)[:BATCH]):
        for one in rows:
            one.program = program
        for one, some in told(rows, program, wanted, at):
            site = one.site.name if one.site else ""
            for field, words, place in some:
                side = one.get_side_display()
                yield [one.person.full_name, side, site, str(field), str(words), request.build_absolute_uri(place)]
        after = rows[-1].pk
