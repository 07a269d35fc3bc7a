"""Who of a participant's people has a sign-in of their own: given, and closed, by staff."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.people.models import Guardianship, kept_from
from rapport.portal import welcoming
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership


@staff_page(Right.PARTICIPANT_EDIT)
def own_sign_in(request, program, ref):
    at = timezone.now()
    seen = participants_of(request.user, program, at, Right.PARTICIPANT_EDIT).select_related("person__user", "program")
    one = get_object_or_404(seen, ref=ref)
    people = people_of(one, request.user, at)
    if request.method == "POST":
        person = next((row for row in people if row.ref == request.POST.get("who")), None)
        if person is None:
            raise Http404
        messages.success(request, act(request, person, one, at))
        return redirect("portal:sign-in", program.slug, ref)
    may = {"may_see": request.has_right(Right.CONTACT_VIEW), "may_talk": may_talk_about(request, one, at)}
    return render(request, "portal/own_sign_in.html", {"one": one, "people": people, **may})


def may_talk_about(request, one, at):
    """Whether this reader talks with people about them, so may hand them their page on paper."""
    reached = participants_of(request.user, one.program, at, Right.TALK)
    return request.has_right(Right.TALK) and one.left_at is None and reached.filter(pk=one.pk).exists()


def act(request, person, one, at):
    """Do what was pressed, and say it."""
    if request.POST.get("what") == "close":
        closed = welcoming.close_sign_in(person, one.program, by=request.user, at=at)
        said = _("%(name)s signs in here no more.") if closed else _("%(name)s had no sign-in here.")
    else:
        welcoming.welcome(person, one, by=request.user, at=at)
        said = _("A letter is on its way to %(name)s.")
    return said % {"name": person.first_name}


def people_of(one, user, at):
    """The participant and those who stand for them, each with what may be done; nobody the reader is kept away from."""
    on = day_in(at, one.program.zone)
    rows = Guardianship.objects.living(on).filter(child=one.person).exclude(adult__in=kept_from(user, at))
    rows = rows.select_related("adult__user").order_by("pk")
    people = [one.person, *(row.adult for row in rows)]
    users = [person.user_id for person in people if person.user_id]
    held = Membership.objects.live(at).filter(user__in=users, program=one.program, role__is_staff=False)
    inside = set(held.values_list("user", flat=True))
    for person in people:
        person.is_in = person.user_id in inside
        person.role = welcoming.role_for(person, one, at)
        person.address = person.user.email if person.user_id else welcoming.address_of(person)
    return people
