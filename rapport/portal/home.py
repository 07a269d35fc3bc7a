"""The first page: each reader is led to what is theirs."""

from django.conf import settings
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from rapport.access.rights import Right
from rapport.care.desk import tasks_of
from rapport.core.languages import OF_STAFF, known, said_in
from rapport.core.own_words import spoken_as
from rapport.outbox.guests import kept_apart
from rapport.outbox.models import Message
from rapport.outbox.preview import open_to
from rapport.people.models import Participant
from rapport.portal.front.pages import front
from rapport.portal.mine import own_places
from rapport.programs.doors import signed_in_page
from rapport.programs.models import Membership, Program


@signed_in_page
def home(request):
    """Staff come to their desk, or choose among their programs; a participant comes to the own page."""
    at = timezone.now()
    programs = programs_of(request.user, at)
    archived = programs_of(request.user, at, archived=True)
    if not programs and not archived:
        return redirect("portal:new-start") if not Program.objects.exists() else own(request)
    is_participant = Participant.objects.visible_to(request.user, Right.OWN_PAGES, at).exists()
    if len(programs) == 1 and not archived and not is_participant:
        return redirect(door_of(programs[0], request.user, at), programs[0].slug)
    rows = waiting(programs, request.user, at)
    context = {"rows": rows, "is_participant": is_participant, "archived": archived}
    return said_in(OF_STAFF, render, request, "portal/programs.html", context)


@signed_in_page
def own(request):
    """A participant's or a guardian's own small page."""
    at, here = timezone.now(), reverse("portal:own")
    page = own_places(request.user, at)
    with spoken_as(only_program(page)):
        return kept_apart(said_in(language_of(page["person"]), front, request, page, at, here=here))


def only_program(page):
    programs = list({place.program.pk: place.program for place in page["places"]}.values())
    return programs[0] if len(programs) == 1 else None


def language_of(person):
    """As the program knows it; where it knows nothing but English, as the browser asks."""
    told = person.language if person else ""
    return told if known(told) and told != settings.LANGUAGE_CODE else get_language()


def programs_of(user, at, *, archived=False):
    """Programs in which this user works; or those that are over."""
    held = Membership.objects.live(at).staff().filter(user=user)
    rows = Program.objects.exclude(archived_at=None) if archived else Program.objects.open()
    return list(rows.filter(pk__in=held.values("program")).order_by("name", "pk"))


def programs_giving(right, user, at):
    held = Membership.objects.live(at).staff().filter(user=user, role__grants__right=right)
    return set(held.values_list("program", flat=True))


def door_of(program, user, at):
    return "care:today" if program.pk in programs_giving(Right.TASK_DO, user, at) else "portal:program"


def waiting(programs, user, at):
    """What waits for this user in each program, in a fixed number of queries; safety tasks stand in no figure."""
    desks = programs_giving(Right.TASK_DO, user, at)
    things = counted(tasks_of(user, desks, at).counted())
    releases = programs_giving(Right.MESSAGE_RELEASE, user, at)
    held = counted(open_to(user, Message.objects.held().filter(program__in=releases), at))
    return [
        {
            "program": program,
            "things": things.get(program.pk, 0),
            "held": held.get(program.pk, 0),
            "has_desk": program.pk in desks,
        }
        for program in programs
    ]


def counted(rows):
    return dict(rows.order_by().values_list("program").annotate(n=Count("pk")))
