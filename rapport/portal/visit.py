"""A visit to a site: every pair, everybody who waits, the people of the school, and what is to be done there.

Whoever meets today comes first, in the order of the day; then the others by name. First names alone stand here, for a
phone in a corridor is read over the shoulder. A copy may be kept for a place without a network, and paper printed: on
both stands how much there is to do with whom, never what it is about.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.about import type_of
from rapport.core.addresses import of_each
from rapport.core.months import day_in
from rapport.matches.models import Match, Member
from rapport.meetings.sheet.day import expected
from rapport.people.models import Participant
from rapport.portal.reading import matches_of, participants_of
from rapport.programs.crew import Crew
from rapport.programs.doors import staff_page
from rapport.programs.models import Site
from rapport.tasks.models import Task

OPEN_HERE = 2  # the highest level of a task that stands on a page carried about (security.md §2.2)
LATER = "9"  # sorts after every hour of the day
SHOWN = 60  # pairs not expected today, at first: nobody walks by more


@dataclass
class Somebody:
    """One of a pair, by first name."""

    participant: int
    person: int
    name: str
    talk: str

    @property
    def talked(self):
        return _("Talked with %(name)s") % {"name": self.name}

    @property
    def talked_on_paper(self):
        return _("talked with %(name)s") % {"name": self.name}


@dataclass
class Stop:
    """One pair to look in on: when and where today, and what is to be done with whom."""

    match: int
    address: str
    is_paused: bool
    mentees: list = field(default_factory=list)
    mentors: list = field(default_factory=list)
    meeting: object = None
    tasks: list = field(default_factory=list)

    @property
    def people(self):
        return [*self.mentees, *self.mentors]

    @cached_property
    def names(self):
        """Of the children, and of the mentors."""
        return tuple(", ".join(one.name for one in some) for some in (self.mentees, self.mentors))

    @property
    def in_order(self):
        hour = f"{self.meeting.starts_at:%Y%m%d%H%M}" if self.meeting else LATER
        children, mentors = self.names
        return hour, children.casefold(), mentors.casefold(), self.match


@dataclass
class Visit:
    """What somebody walks by at one site on one day."""

    site: Site
    on: object
    today: list
    others: list
    waiting: list
    school: list
    tasks: list
    left_away: int = 0

    def show_few(self):
        """Of those not expected today, leave away who is one too many and with whom there is nothing to do."""
        kept = [stop for n, stop in enumerate(self.others) if n < SHOWN or stop.tasks]
        self.others, self.left_away = kept, len(self.others) - len(kept)

    @property
    def things(self):
        return len(self.tasks) + sum(len(stop.tasks) for stop in [*self.today, *self.others])


def sites_to_visit(pairs, people, program):
    """The sites at which a reader who may talk with these open pairs and these people may talk with somebody."""
    pairs, people = (some.filter(site__isnull=False).order_by() for some in (pairs, people))
    here = Q(pk__in=pairs.values("site")) | Q(pk__in=people.values("site"))
    return Site.objects.filter(here, program=program).order_by("name", "pk")


@staff_page(Right.TALK)
def visit(request, program, ref):
    told = context(request, program, ref)
    if "all" not in request.GET:
        told["visit"].show_few()
    return render(request, "portal/visit.html", told)


@staff_page(Right.TALK)
def copy_to_keep(request, program, ref):
    """The same in one file without names of families, without reasons and without a network."""
    told = context(request, program, ref)
    answer = HttpResponse(render_to_string("portal/visit_copy.html", told, request))
    answer["Content-Disposition"] = f'attachment; filename="visit-{told["visit"].on}.html"'
    return answer


def context(request, program, ref):
    at = timezone.now()
    pairs = matches_of(request.user, program, at, Right.TALK).open()
    people = participants_of(request.user, program, at, Right.TALK)
    site = get_object_or_404(sites_to_visit(pairs, people, program), ref=ref)
    site.program = program
    sheet = request.has_right(Right.MEETING_EDIT) and reverse("meetings:sheet", args=[program.slug, ref])
    visit = visit_of(site, pairs, people, request.user, at)
    return {"visit": visit, "program": program, "sheet": sheet}


def visit_of(site, pairs, people, user, at):
    """Of these open pairs and these people, whom the reader may talk with: in a fixed number of queries."""
    program, on = site.program, day_in(at, site.program.zone)
    pairs = pairs.confirmed().filter(site=site)
    stops = stops_of(pairs, program)
    meetings = expected(pairs.active().unhindered(at), program, on).filter(excused_at=None, cancelled_at=None)
    for meeting in meetings.only("match", "starts_at", "place").order_by("-starts_at"):
        if meeting.match_id in stops:
            meeting.place = meeting.place.removeprefix(site.name).strip(", ")
            stops[meeting.match_id].meeting = meeting
    placed = Exists(Member.objects.filter(participant=OuterRef("pk"), match__state__in=Match.ALIVE))
    here = people.active().filter(site=site)
    waiting = list(here.filter(~placed).select_related("person").order_by("side", "person__given_name", "pk"))
    in_order = sorted(stops.values(), key=lambda stop: stop.in_order)
    rest = hand_out(tasks_here(user, program, at, stops, waiting), in_order)
    return Visit(
        site, on, [stop for stop in in_order if stop.meeting], [stop for stop in in_order if not stop.meeting], waiting,
        school_of(site, at), rest,
    )  # fmt: skip


def stops_of(pairs, program):
    """{match: its stop}, from one query of bare rows: a site may have five hundred pairs."""
    stops, page, talk = {}, of_each("portal:match", program.slug), of_each("care:talk", program.slug)
    one = "members__participant"
    told = ("pk", "ref", "state", "members__side", one, f"{one}__person", f"{one}__person__given_name",
            f"{one}__person__ref")  # fmt: skip
    for pk, ref, state, side, *who, name, person_ref in pairs.order_by("pk", "members__pk").values_list(*told):
        if pk not in stops:
            stops[pk] = Stop(pk, page(ref), state == Match.State.PAUSED)
        those = stops[pk].mentors if side == Participant.Side.MENTOR else stops[pk].mentees
        those.append(Somebody(*who, name, talk(person_ref)))
    return stops


def tasks_here(user, program, at, stops, waiting):
    """What lies on this reader's own desk about anybody here, the pressing first; nothing of a sealed level."""
    here = [(one.participant, one.person) for stop in stops.values() for one in stop.people]
    here += [(one.pk, one.person_id) for one in waiting]
    a_match, a_participant = type_of(Match), type_of(Participant)
    about = Q(about_type=a_match, about_id__in=list(stops))
    about |= Q(about_type=a_participant, about_id__in={participant for participant, _person in here})
    about |= Q(about_type=None, person__in={person for _participant, person in here})
    mine = Task.objects.open().visible_to(user, at).awake(at).filter(about, program=program, level__lte=OPEN_HERE)
    return list(mine.order_by("pressing", "due_at", "pk"))


def hand_out(tasks, stops):
    """Give each task to the pair it is about, else to the first pair of its person. Returns those of nobody's pair."""
    of_match, of_person, rest = {stop.match: stop for stop in stops}, {}, []
    for stop in stops:
        for one in stop.people:
            of_person.setdefault(one.person, stop)
    match = type_of(Match).pk
    for task in tasks:
        stop = of_match.get(task.about_id) if task.about_type_id == match else None
        stop = stop or of_person.get(task.person_id)
        (stop.tasks if stop else rest).append(task)
    return rest


def school_of(site, at):
    """The people of the school by their named roles: whom to greet, and how to reach them."""
    crew = Crew(site.program, at)
    rows = [held for post in crew.posts for held in crew.held[post.pk] if held.site_id == site.pk]
    return [(held.post.label, held.who) for held in rows]
