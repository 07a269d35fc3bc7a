"""Why a colleague can, or cannot, see and do something with a match or a person: by role and scope (features D7).

What hides somebody from somebody (a restriction, family) is told to those alone who may know of it. For everybody else
the page reads the same whether there is such a thing or not: it speaks of roles, and says that other rules go before.
"""

from dataclasses import dataclass

from django import forms
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.models import Grant, User
from rapport.access.rights import Right, Scope
from rapport.audit.actions import record_read
from rapport.core.months import day_in
from rapport.people.models import Restriction
from rapport.people.scopes import close_to
from rapport.portal.reading import matches_of, participants_of
from rapport.programs import doors
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership

SEALED = 4
OF_MATCH = (
    Right.MATCH_VIEW, Right.MATCH_EDIT, Right.MATCH_CLOSE, Right.MEETING_EDIT, Right.ANSWER_VIEW, Right.TALK,
)  # fmt: skip
OF_PERSON = (Right.PARTICIPANT_VIEW, Right.PARTICIPANT_EDIT, Right.CONTACT_VIEW, Right.CLEARANCE_EDIT)
MAY_KNOW_FAMILY = (Right.CONTACT_VIEW, Right.PARTICIPANT_EDIT)  # they read who stands for whom on each person's page


@dataclass(frozen=True)
class Answer:
    """Whether roles give one right over this very record, and why, in a sentence."""

    what: str
    gives: bool
    why: str


class Choose(forms.Form):
    who: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Colleague"), queryset=None, empty_label=lazy("Choose one"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": lazy("Choose somebody who works here."),
                        "required": lazy("Choose somebody who works here.")},
    )  # fmt: skip

    def __init__(self, *args, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Membership.objects.live(at).staff().filter(program=program).values("user")
        self.fields["who"].queryset = User.objects.filter(pk__in=staff).order_by("name", "pk")


@staff_page(Right.STAFF_VIEW)
def of_match(request, program, ref):
    at = timezone.now()
    seen = matches_of(request.user, program, at).select_related("program", "site", "coordinator").with_people()
    found = get_object_or_404(seen, ref=ref)
    people = [one.person for one in [*found.mentors, *found.mentees]]
    return page(request, found, "match", found.title, people, OF_MATCH, at)


@staff_page(Right.STAFF_VIEW)
def of_person(request, program, ref):
    at = timezone.now()
    seen = participants_of(request.user, program, at).select_related("program", "site", "person")
    one = get_object_or_404(seen, ref=ref)
    return page(request, one, "participant", one.person.full_name, [one.person], OF_PERSON, at)


def page(request, found, of, title, people, rights, at):
    form = Choose(request.GET if "who" in request.GET else None, program=found.program, at=at)
    context = {"found": found, "what": title, "form": form, "who": None}
    if form.is_valid():
        who = form.cleaned_data["who"]
        context |= {
            "who": who,
            "answers": [answer(who, right, found, of, at) for right in rights],
            "before": goes_before(request, who, people, found, at),
        }
    return render(request, "portal/who_may.html", context)


def answer(who, right, found, of, at):
    """What this colleague's live roles in the program give, by what each reaches."""
    held = Membership.objects.live(at).filter(user=who, program=found.program).select_related("role", "site")
    grants = Grant.objects.filter(right=right, role__memberships__in=held).values_list("role", "scope")
    said = {}
    for role, scope in dict.fromkeys(grants):
        for one in held:
            if one.role_id == role:
                said[reaches(one, Scope(scope), found, of, at)] = sentence(one, Scope(scope), found, of)
    if True in said:
        return Answer(right.label, True, said[True])
    roles = ", ".join(dict.fromkeys(one.role.name for one in held))
    return Answer(right.label, False, said.get(False) or _("No role of theirs gives it: %(roles)s.") % {"roles": roles})


def reaches(membership, scope, found, of, at):
    """Whether the record lies within what this membership reaches."""
    within = doors.SCOPES.get((scope, of))
    if within is None:
        return False
    mine = within(Membership.objects.filter(pk=membership.pk), at)
    return type(found).objects.filter(mine, pk=found.pk).exists()


def sentence(membership, scope, found, of):
    """How far a role reaches, and where the record lies."""
    told = {"role": membership.role.name, "site": membership.site or "–", "here": found.site or "–"}
    if scope == Scope.PROGRAM:
        return _("As %(role)s, for the whole program.") % told
    if scope == Scope.SITE:
        return _("As %(role)s, for %(site)s alone; this is at %(here)s.") % told
    if scope == Scope.CASELOAD and of == "match":
        told["who"] = found.coordinator.name if found.coordinator else _("nobody yet")
        return _("As %(role)s, for matches they look after themselves; this one is looked after by %(who)s.") % told
    if scope == Scope.CASELOAD:
        return _("As %(role)s, for people in open matches they look after themselves.") % told
    return _("As %(role)s, for what is their own.") % told


def goes_before(request, who, people, found, at):
    """Family and restrictions that go before all roles, to those who may know of them; nothing to anybody else."""
    said, program = [], found.program
    family = set(close_to(who)) & {person.pk for person in people}
    if family and may_know_family(request, people, program, at):
        said.append(_("They are family, or it is about themselves: whatever their roles give, they see none of it."))
    if not request.has_right(Right.RESTRICTION_EDIT):
        return said
    rows = Restriction.objects.visible_to(request.user, at).live(day_in(at, program.zone))
    rows = list(rows.filter(kept_away__user=who, subject__in=people).select_related("subject"))
    record_read("restriction.read", about=found, by=request.user, at=at, level=SEALED)
    for row in rows:
        words = _("A restriction keeps them away from %(name)s: whatever their roles give, they see none of it.")
        said.append(words % {"name": row.subject.full_name})
    return said


def may_know_family(request, people, program, at):
    """Whether this reader finds the guardians of all of these on their own pages."""
    for right in MAY_KNOW_FAMILY:
        if request.has_right(right):
            seen = participants_of(request.user, program, at, right).filter(person__in=people)
            if set(seen.values_list("person", flat=True)) == {person.pk for person in people}:
                return True
    return False
