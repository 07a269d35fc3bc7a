"""Who stands for a child: added, changed and ended by whoever may change the child; and the birth date put right.

Staff see all of a child's guardians here, but those they are kept away from. What a guardian meets elsewhere never
tells of another.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care import actions
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.people.actions import find_or_add_adult
from rapport.people.actions.guarding import as_it_stands
from rapport.people.models import ContactPoint, Guardianship, Participant, Person, kept_from
from rapport.portal import circle_forms as forms
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership

SIBLINGS = 20  # guardians offered by family name


def reached(request, program, ref):
    """The participant whose circle it is, if this reader may change them."""
    mine = participants_of(request.user, program, timezone.now(), Right.PARTICIPANT_EDIT)
    return get_object_or_404(mine.select_related("person", "program"), ref=ref)


def standing(request, one, pk):
    """One who stands for them; a 404 for whoever is kept away from that guardian."""
    rows = Guardianship.objects.filter(child=one.person).exclude(adult__in=kept_from(request.user, timezone.now()))
    return get_object_or_404(rows.select_related("adult", "child"), pk=pk)


@staff_page(Right.PARTICIPANT_EDIT)
def add(request, program, ref):
    at, one = timezone.now(), reached(request, program, ref)
    if not one.person.counts_as_child(program, day_in(at, program.zone)):
        raise Http404
    first = {"starts_on": day_in(at, program.zone), "is_told": True, "consents": True}
    form = forms.NewGuardian(request.POST or None, known=of_siblings(one, request.user, at), initial=first)
    if request.method == "POST" and form.is_valid():
        adult = form.cleaned_data.get("known") or find_or_add_adult(
            program.organization, **form.named(), language=one.person.language, by=request.user, at=at
        )
        actions.stand_for(adult=adult, child=one.person, **form.standing(), by=request.user, at=at)
        kept(request, _("%(adult)s stands for %(child)s now.") % names(adult, one))
        return redirect(one)
    title = _("Somebody who stands for %(name)s") % {"name": one.person.first_name}
    return page(request, one, form, title)


def of_siblings(one, user, at):
    """Guardians of others with the same family name in this program: one guardian of brothers and sisters is one."""
    person = one.person
    same = Participant.objects.filter(program=one.program, person__family_name=person.family_name).exclude(
        person=person
    )
    adults = Guardianship.objects.filter(child__in=same.values("person")).values("adult")
    mine = Guardianship.objects.filter(child=person, ends_on=None).values("adult")
    found = Person.objects.filter(pk__in=adults).exclude(pk__in=mine) if person.family_name else Person.objects.none()
    found = found.exclude(pk__in=kept_from(user, at))
    return Person.objects.filter(pk__in=list(found.order_by("pk").values_list("pk", flat=True)[:SIBLINGS]))


@staff_page(Right.PARTICIPANT_EDIT)
def change(request, program, ref, pk):
    at, one = timezone.now(), reached(request, program, ref)
    row = standing(request, one, pk)
    now = {name: getattr(row, name) for name in forms.Standing.base_fields}
    form = forms.Standing(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")[:400]
        actions.change_guardianship(row, **form.cleaned_data, seen=seen, by=request.user, at=at)
        kept(request, _("Saved: what %(adult)s may for %(child)s.") % names(row.adult, one))
        return redirect(one)
    return page(request, one, form, _("%(adult)s, for %(child)s") % names(row.adult, one), seen=as_it_stands(row))


@staff_page(Right.PARTICIPANT_EDIT)
def end(request, program, ref, pk):
    at, one = timezone.now(), reached(request, program, ref)
    row = standing(request, one, pk)
    form = forms.EndDay(request.POST or None, initial={"ends_on": day_in(at, program.zone)})
    if request.method == "POST" and form.is_valid():
        actions.end_guardianship(row, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("%(adult)s stands for %(child)s no more.") % names(row.adult, one))
        return redirect(one)
    lead = _("What they said and agreed to stays. Their links and letters about this child stop that day.")
    title = _("%(adult)s stands for %(child)s no more") % names(row.adult, one)
    return page(request, one, form, title, lead)


@staff_page(Right.PARTICIPANT_EDIT)
def born(request, program, ref):
    at, one = timezone.now(), reached(request, program, ref)
    form = forms.Born(request.POST or None, initial={"born_on": one.person.born_on})
    form.fields["born_on"].latest = day_in(at, program.zone)
    if request.method == "POST" and form.is_valid():
        actions.correct_birth_date(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Saved: the birth date of %(name)s.") % {"name": one.person.first_name})
        return redirect(one)
    lead = _("Who is asked, and what is needed, hangs on it. What was sent while it was wrong is told on their page.")
    return page(request, one, form, _("When %(name)s was born") % {"name": one.person.first_name}, lead)


def names(adult, one):
    return {"adult": adult.first_name, "child": one.person.first_name}


def page(request, one, form, title, lead="", seen=""):
    context = {"form": form, "one": one, "title": title, "lead": lead, "seen": seen}
    return render(request, "portal/circle.html", context, status=422 if form.errors else 200)


def what_else_they_are(adults, program, at):
    """For staff: that a guardian is a mentor here or works here, or that somebody else reads their address."""
    pks = {adult.pk for adult in adults}
    mentors = Participant.objects.active().mentors().filter(program=program, person__in=pks)
    mentors = set(mentors.values_list("person", flat=True))
    work = Membership.objects.live(at).staff().filter(program=program, user__person__in=pks)
    work = set(work.values_list("user__person", flat=True))
    shared = set(ContactPoint.objects.filter(person__in=pks, is_private=False).values_list("person", flat=True))
    said = {
        pk: [
            words
            for is_so, words in (
                (pk in mentors, _("also a mentor here")),
                (pk in work, _("also works here, and sees nothing of this child at work")),
                (pk in shared, _("others read an address or number of theirs, too")),
            )
            if is_so
        ]
        for pk in pks
    }
    return {pk: "; ".join(words) for pk, words in said.items() if words}
