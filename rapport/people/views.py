"""Putting right what is known of somebody: site, language, and how many matches."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.people import actions, forms
from rapport.people.models import Participant
from rapport.programs.doors import staff_page


def reached(request, program, ref):
    """The participant, if this reader may change them; nobody changes their own record here."""
    mine = Participant.objects.filter(program=program).visible_to(request.user, Right.PARTICIPANT_EDIT)
    return get_object_or_404(mine.exclude(person__user=request.user).select_related("person", "program"), ref=ref)


@staff_page(Right.PARTICIPANT_EDIT)
def change(request, program, ref):
    one = reached(request, program, ref)
    form = forms.Change(request.POST or None, participant=one)
    if request.method == "POST" and form.is_valid():
        actions.change_participant(one, **form.cleaned_data, by=request.user, at=timezone.now())
        kept(request, _("Saved: %(name)s.") % {"name": one.person.first_name})
        return redirect(one)
    context = {"form": form, "one": one, "title": _("Change %(name)s") % {"name": one.person.first_name}}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)
