"""Which circles fell silent, who answers for one, and which mentors and colleagues may be asked to it."""

from collections import defaultdict

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from rapport.events.hosting import BY_NAME, RIGHT, people_seen
from rapport.events.models import Circle, Gathering
from rapport.matches.models import Match, Member
from rapport.people.colleagues import Colleagues
from rapport.programs.models import Membership, Program
from rapport.tasks.models import Task

WITHIN = "circle-within"
SAID = (  # of a seat, on its page
    "gathering", "was_there", "participant__ref", "participant__person__given_name",
    "participant__person__family_name", "colleague__name", "colleague__email",
)  # fmt: skip


def with_last(circles):
    """Each circle with `last_at`, when it met last, and `quiet_since`: then, or when it was begun."""
    held = Gathering.objects.held().filter(circle=OuterRef("pk")).order_by("-starts_at").values("starts_at")[:1]
    circles = circles.annotate(last_at=Subquery(held))
    return circles.annotate(quiet_since=Greatest(Coalesce("last_at", "made_at"), F("made_at")))


def with_times(circles, at):
    """The same with `next_at` and the ref of that time, where one is set."""
    ahead = Gathering.objects.ahead(at).filter(circle=OuterRef("pk")).order_by("starts_at")
    soon = {"next_at": Subquery(ahead.values("starts_at")[:1]), "next_ref": Subquery(ahead.values("ref")[:1])}
    return with_last(circles).annotate(**soon)


def silent(at):
    """Circles that have not met for as long as their program allows, have no next time, and nobody was asked yet."""
    ahead = Gathering.objects.ahead(at).filter(circle=OuterRef("pk"))
    asked = Task.objects.about_any(Circle.objects.all()).filter(about_id=OuterRef("pk"))
    rows = with_last(Circle.objects.going_on()).filter(long_ago(at)).exclude(Exists(ahead))
    rows = rows.exclude(Exists(asked.filter(made_at__gte=OuterRef("quiet_since"))))
    return rows.select_related("program", "host").order_by("pk")


def long_ago(at):
    """The condition on `quiet_since`, for each program by its own number."""
    programs = Program.objects.open().filter(pk__in=Circle.objects.going_on().values("program")).with_limits()
    by_limit = defaultdict(list)
    for program in programs:
        by_limit[program.limit(WITHIN)].append(program.pk)
    condition = Q(pk__in=[])
    for within, pks in by_limit.items():
        condition |= Q(program__in=pks, quiet_since__lte=at - within)
    return condition


def host_of(circles, at):
    """{circle: who answers for it}: its host, or else another who records meetings in that whole program."""
    programs, others = {circle.program_id for circle in circles}, defaultdict(list)
    may = Membership.objects.live(at).filter(program__in=programs, site=None, role__grants__right=RIGHT)
    for held in may.select_related("user").order_by("pk"):
        others[held.program_id].append(held.user)
    asked = {circle: [circle.host, *others[circle.program_id]] for circle in circles}
    colleagues = Colleagues({user.pk for users in asked.values() for user in users}, programs, at)
    found = {
        circle.pk: next((one for one in users if colleagues.may(one.pk, circle.program_id, ())), None)
        for circle, users in asked.items()
    }
    return {pk: host for pk, host in found.items() if host}


def mentors_for(circle, user, at):
    """Mentors this reader may see, of the circle's site or the whole program, by name."""
    seen = people_seen(circle.program, user, at).mentors().active()
    if circle.site_id:
        places = Member.objects.filter(match__site=circle.site, match__state__in=Match.OPEN)
        meets_there = places.filter(participant=OuterRef("pk"))
        seen = seen.filter(Q(site=circle.site) | Exists(meets_there))
    return seen.select_related("person").order_by(*BY_NAME)


def seats_seen(gathering, user, at):
    """The seats of a gathering, without mentors whom this reader may not see: what a page says of each, and no more."""
    seen = people_seen(gathering.program, user, at)
    seats = gathering.seats.filter(Q(participant=None) | Q(participant__in=seen.values("pk")))
    seats = list(seats.select_related("participant__person", "colleague").only(*SAID))
    for seat in seats:
        if seat.participant:
            seat.participant.program = gathering.program
    return sorted(seats, key=lambda seat: (seat.participant is None, str(seat), seat.pk))
