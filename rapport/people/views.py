"""Putting right what is known of somebody: site, language, how many matches; and the children a parent tells of."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.people import actions, forms
from rapport.people.actions.telling import tells_of_children
from rapport.people.models import Participant, ToldChild
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


@staff_page(Right.PARTICIPANT_EDIT)
def children(request, program, ref):
    """The children a parent who is mentored tells of: one more, or one taken off."""
    one, at = reached(request, program, ref), timezone.now()
    told = ToldChild.objects.filter(parent=one).order_by("first_name", "pk")
    if not tells_of_children(one) and not told.exists():  # what was told before can always be taken off
        raise Http404
    if request.method == "POST" and "off" in request.POST:
        off = request.POST["off"]
        child = get_object_or_404(told, pk=off if off.isdecimal() and len(off) < 19 else 0)
        actions.take_child_off(child, by=request.user, at=at)
        kept(request, _("Taken off. Nothing of it is kept."))
        return redirect("people:children", program.slug, one.ref)
    form = forms.ToldChild(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.tell_of_child(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Kept, with what %(name)s told you.") % {"name": one.person.first_name})
        return redirect("people:children", program.slug, one.ref)
    context = {"form": form, "one": one, "told": told}
    return render(request, "people/children.html", context, status=422 if form.errors else 200)
