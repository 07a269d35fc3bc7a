"""Who works in a program: the list, an invitation, and the end of a role."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from rapport.access.rights import Right, Scope
from rapport.core.fields import OneLine
from rapport.matches.models import Match
from rapport.portal import inviting
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership
from rapport.tasks.models import Task


class Invitation(forms.Form):
    name = OneLine(label=lazy("Name"), most=100)
    email = forms.EmailField(
        label=lazy("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Role"), queryset=None, to_field_name="slug", empty_label=lazy("Choose one"),
        error_messages={"invalid_choice": lazy("Choose a role that you may give.")},
    )  # fmt: skip
    site: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Site"), queryset=None, to_field_name="ref", required=False, empty_label=lazy("The whole program"),
        error_messages={"invalid_choice": lazy("Choose one of the sites of this program.")},
    )  # fmt: skip

    def __init__(self, *args, roles, program, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles
        self.fields["site"].queryset = program.sites.order_by("name")

    def clean(self):
        said = super().clean()
        role = said.get("role")
        if role and not said.get("site") and role.grants.filter(scope=Scope.SITE).exists():
            self.add_error("site", _("Which site? This role reaches one site only."))
        return said


@staff_page(Right.STAFF_VIEW)
def staff(request, program):
    """Members of staff by role; with the right to invite, a form and the way to end a role."""
    at = timezone.now()
    may_invite = request.has_right(Right.STAFF_INVITE)
    roles = inviting.roles_open_to(request.user, program, at) if may_invite else None
    mine = set(roles.values_list("pk", flat=True)) if may_invite else set()
    live = Membership.objects.live(at).staff().filter(program=program).select_related("user", "role", "site")
    rows = list(live.order_by("role__name", "user__name", "pk"))
    for row in rows:
        row.may_end = may_invite and (row.role_id in mine or row.user_id == request.user.pk)
        row.may_be_invited_again = row.role_id in mine and not row.user.has_usable_password()
    context = {
        "rows": rows,
        "form": Invitation(roles=roles, program=program) if may_invite else None,
        "may_invite": may_invite,
        "people": len({row.user_id for row in rows}),
    }
    return render(request, "portal/staff.html", context)


@staff_page(Right.STAFF_INVITE)
def invite(request, program):
    """Invite somebody to a role, up to one's own rights."""
    at = timezone.now()
    roles = inviting.roles_open_to(request.user, program, at)
    form = Invitation(request.POST or None, roles=roles, program=program)
    if request.method == "POST" and form.is_valid():
        member, is_new = inviting.invite(program, **form.cleaned_data, by=request.user, at=at)
        said = _("%(name)s is invited: a letter is on its way.") if is_new else _("%(name)s has this role already.")
        messages.success(request, said % {"name": member.user.name})
        return redirect("portal:staff", program.slug)
    return render(request, "portal/staff_invite.html", {"form": form})


@staff_page(Right.STAFF_INVITE)
@require_POST
def again(request, program, pk):
    """Send the invitation again."""
    at = timezone.now()
    live = Membership.objects.live(at).staff().filter(program=program).select_related("user", "role", "program")
    member = get_object_or_404(live, pk=pk)
    inviting.invite_again(member, by=request.user, at=at)
    messages.success(request, _("A new letter is on its way to %(name)s.") % {"name": member.user.name})
    return redirect("portal:staff", program.slug)


@staff_page(Right.STAFF_INVITE)
def end(request, program, pk):
    """End somebody's role here. What they still have in hand is told first."""
    at = timezone.now()
    live = Membership.objects.live(at).staff().filter(program=program).select_related("user", "role", "program")
    member = get_object_or_404(live, pk=pk)
    if request.method == "POST":
        inviting.end(member, by=request.user, at=at)
        messages.success(request, _("%(name)s no longer has this role.") % {"name": member.user.name})
        return redirect("portal:staff", program.slug)
    context = {
        "member": member,
        "matches": Match.objects.filter(program=program, coordinator=member.user).open().count(),
        "tasks": Task.objects.filter(program=program, owner=member.user).open().counted().count(),
    }
    return render(request, "portal/staff_end.html", context)
