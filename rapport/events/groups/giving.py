"""A page of staff: the link by which whoever leads a group without a sign-in tells of it."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.core.codes import square
from rapport.core.notices import kept
from rapport.events import actions
from rapport.events.actions.leads import LASTS, until
from rapport.events.groups.led import signs_in
from rapport.events.groups.views import RIGHT, the_group
from rapport.events.models import LeadLink
from rapport.outbox import links
from rapport.programs.doors import staff_page


@staff_page(RIGHT)
def link(request, program, ref):
    """Give the lead of this group a link, or shut theirs. The address is shown once, to be scanned or copied."""
    one, at = the_group(request, program, ref), timezone.now()
    here = LeadLink.objects.filter(program=program, person=one.lead, ended_at=None, ends_at__gt=at)
    if request.method == "POST" and "end" in request.POST:
        if not actions.end_links(here.filter(ref=request.POST["end"]), by=request.user, at=at):
            raise Http404
        kept(request, _("This link opens nothing any more. What was said with it stays."))
        return redirect("groups:link", program.slug, ref)
    context = {
        "group": one, "signs_in": signs_in(one.lead, program, at), "rule": program.limits.filter(code=LASTS).first(),
        "last_day": LeadLink(program=program, ends_at=until(program, at)).last_day,
    }  # fmt: skip
    if request.method == "POST":
        given, token = actions.give_link(one, by=request.user, at=at)
        address = links.address("team-lead:page", token)
        context |= {"given": given, "address": address, "code": square(address)}
    context["rows"] = here.select_related("given_by", "person", "program")
    return render(request, "events/groups/link.html", context)
