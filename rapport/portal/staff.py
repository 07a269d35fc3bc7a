"""Who works in a program: the list, an invitation, and the end of a role."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.access.models import User
from rapport.access.rights import Right, Scope
from rapport.access.staff import with_factor
from rapport.care.actions.handing import in_hand, with_desk
from rapport.care.models import HandOver
from rapport.core import places
from rapport.core.fields import OneLine
from rapport.portal import inviting
from rapport.programs.crew import Trainings
from rapport.programs.doors import staff_page
from rapport.programs.limits import way_in_time
from rapport.programs.models import Membership
from rapport.safeguarding.questions import leads_of

PAGE = 50
ORDER = ("role__name", "user__name", "pk")


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
    """Members of staff by role, a page at a time; with the right to invite, a form and the way to end a role."""
    at = timezone.now()
    may_invite = request.has_right(Right.STAFF_INVITE)
    roles = inviting.roles_open_to(request.user, program, at) if may_invite else None
    mine = set(roles.values_list("pk", flat=True)) if may_invite else set()
    live = Membership.objects.live(at).staff().filter(program=program)
    rows, further = page_of(live, places.find(request.GET.get("after")))
    tied, trainings = with_factor([row.user_id for row in rows]), Trainings(program, at)
    for row in rows:
        row.asked = trainings.of(row)
        row.may_end = may_invite and (row.role_id in mine or row.user_id == request.user.pk)
        row.may_be_invited_again = row.role_id in mine and not row.user.has_usable_password()
        row.may_be_let_in = row.role_id in mine and row.user_id in tied and row.user_id != request.user.pk
    context = {
        "rows": rows,
        "form": Invitation(roles=roles, program=program) if may_invite else None,
        "may_invite": may_invite,
        "handed": HandOver.objects.to_tell(program) if may_invite else [],
        "people": live.order_by().values("user").distinct().count(),
        "older": f"?after={further}" if further else "",
        "first": request.path if request.GET.get("after") else "",
    }
    return render(request, "portal/staff.html", context)


def page_of(members, after):
    """One page by role and name, after that membership, and the place from which to go on."""
    last = Membership.objects.filter(pk=after).values_list(*ORDER).first() if after else None
    if last:
        role, name, pk = last
        same = Q(role__name=role) & (Q(user__name__gt=name) | Q(user__name=name, pk__gt=pk))
        members = members.filter(Q(role__name__gt=role) | same)
    return places.cut(members.select_related("user", "role", "site").order_by(*ORDER), PAGE)


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


class KnownToMe(forms.Form):
    """Said by whoever lets a colleague in: a mail or an unknown voice is no proof."""

    sure = forms.BooleanField(
        label=lazy("I see them, or I know their voice. I do not act on a mail or a message."),
        error_messages={"required": lazy("Only for somebody you see, or whose voice you know.")},
    )


@staff_page(Right.STAFF_INVITE)
def let_in(request, program, pk):
    """A code by word of mouth for a colleague who lost phone and recovery codes; it is shown once."""
    at = timezone.now()
    live = Membership.objects.live(at).staff().filter(program=program).select_related("user", "program")
    member = get_object_or_404(live, pk=pk)
    raise_if_reauthentication_required(request, app="portal")
    form = KnownToMe(request.POST if request.method == "POST" else None)
    context = {"member": member, "form": form, "minutes": int(way_in_time(program).total_seconds() // 60)}
    if request.method == "POST" and form.is_valid():
        context["code"] = inviting.let_in(member.user, program, by=request.user, at=at)
    return render(request, "portal/staff_let_in.html", context, status=422 if form.errors else 200)


class Leaving(forms.Form):
    """Who takes over what somebody has in hand; asked only for what they really leave."""

    to: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Who takes over their matches and tasks?"), queryset=None, empty_label=lazy("Choose one"),
        help_text=lazy("It is theirs at once. They say yes to it, or give it back."),
        error_messages={"required": lazy("Choose who takes them over."),
                        "invalid_choice": lazy("Choose a colleague with a desk here.")},
    )  # fmt: skip
    lead: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Who leads on safety in their place?"), queryset=None, empty_label=lazy("Choose one"),
        help_text=lazy("Whatever they may have had in hand goes to this lead, and only leads learn of it."),
        error_messages={"required": lazy("Choose another lead."),
                        "invalid_choice": lazy("Choose somebody who leads on safety here.")},
    )  # fmt: skip

    def __init__(self, *args, member, has_work, leads_no_more, at, **kwargs):
        super().__init__(*args, **kwargs)
        desks = [user.pk for user in with_desk(member.program, at) if user != member.user]
        self.fields["to"].queryset = User.objects.filter(pk__in=desks).order_by("name", "pk")
        self.fields["lead"].queryset = leads_of(member.program, at).exclude(pk=member.user_id)
        if not has_work:
            del self.fields["to"]
        if not leads_no_more:
            del self.fields["lead"]


@staff_page(Right.STAFF_INVITE)
def end(request, program, pk):
    """End somebody's role here, and say who takes over what they have in hand."""
    at = timezone.now()
    live = Membership.objects.live(at).staff().filter(program=program).select_related("user", "role", "program")
    member = get_object_or_404(live, pk=pk)
    inviting.check_may_end(member, by=request.user, at=at)
    leaves_desk = inviting.loses(member, Right.TASK_DO, at)
    matches, tasks = in_hand(program, member.user) if leaves_desk else ([], [])
    form = Leaving(
        request.POST if request.method == "POST" else None, member=member, has_work=bool(matches or tasks), at=at,
        leads_no_more=inviting.loses(member, Right.CONCERN_LEAD, at), initial={"to": request.user.pk},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        rest = inviting.end(member, **form.cleaned_data, by=request.user, at=at)
        messages.success(request, ended(member, form.cleaned_data.get("to"), rest))
        return redirect("portal:staff", program.slug)
    context = {"member": member, "form": form, "matches": len(matches), "tasks": len(tasks)}
    return render(request, "portal/staff_end.html", context, status=422 if form.errors else 200)


def ended(member, to, rest):
    """What happened to the role and to the work."""
    said = [_("%(name)s no longer has this role.") % {"name": member.user.name}]
    if to:
        said.append(_("%(name)s has the work now.") % {"name": to.name})
    if rest:
        words = ngettext(
            "For %(n)d match or task nobody here may be chosen: see to it yourself.",
            "For %(n)d matches and tasks nobody here may be chosen: see to them yourself.",
            rest,
        )
        said.append(words % {"n": rest})
    return " ".join(said)
