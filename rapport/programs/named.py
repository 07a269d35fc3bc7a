"""Named roles of a program: who holds each, at which school, and how to reach them."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.core.fields import OneLine
from rapport.core.notices import kept
from rapport.programs import actions
from rapport.programs.crew import Crew
from rapport.programs.doors import staff_page
from rapport.programs.models import Holder, Membership
from rapport.programs.views import keep


class Name(forms.Form):
    """Who holds a named role: a colleague who signs in here, or somebody of the school with a name and a number."""

    post: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Named role"), queryset=None, to_field_name="code", empty_label=lazy("Choose one"),
        error_messages={"invalid_choice": lazy("Choose one of the named roles of this program.")},
    )  # fmt: skip
    site: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Where"), queryset=None, to_field_name="ref", required=False, empty_label=lazy("The whole program"),
        error_messages={"invalid_choice": lazy("Choose one of the sites of this program.")},
    )  # fmt: skip
    user: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("A colleague who works here"), queryset=None, required=False, empty_label=lazy("Somebody else"),
        error_messages={"invalid_choice": lazy("Choose somebody who works in this program.")},
    )  # fmt: skip
    name = OneLine(label=lazy("Or the name of somebody else"), most=100, required=False)
    reach = OneLine(
        label=lazy("How to reach them"), required=False,
        help_text=lazy("A number, an address, a time of day. Staff who see a match read it there."),
    )  # fmt: skip

    def __init__(self, *args, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Membership.objects.live(at).staff().filter(program=program).values("user")
        self.fields["post"].queryset = program.posts.order_by("pk")
        self.fields["site"].queryset = program.sites.order_by("name")
        self.fields["user"].queryset = User.objects.filter(pk__in=staff).order_by("name", "pk")

    def clean(self):
        said = super().clean()
        if self.errors:
            return said
        if bool(said.get("user")) == bool(said.get("name")):
            self.add_error("name", _("Choose a colleague, or write a name: one of the two."))
        elif said.get("name") and not said.get("reach"):
            self.add_error("reach", _("How can they be reached? Without it nobody can turn to them."))
        return said


class Wanted(forms.Form):
    is_needed = forms.BooleanField(
        label=lazy("This program wants somebody here, and says so while nobody is named"), required=False
    )


@staff_page(Right.STAFF_VIEW)
def named_roles(request, program):
    """Every named role with who holds it; those who may change the program name somebody."""
    at, may_edit = timezone.now(), request.has_right(Right.PROGRAM_EDIT)
    if request.method == "POST" and not may_edit:
        raise Http404
    form = Name(request.POST if request.method == "POST" else None, program=program, at=at)
    if request.method == "POST" and form.is_valid():
        _holder, is_new = actions.name_holder(**form.cleaned_data, by=request.user, at=at)
        kept(request, _("Kept. It stands on each match they look after.") if is_new else _("It stood there already."))
        return redirect("programs:named-roles", program.slug)
    rows = list(Crew(program, at).places(list(program.sites.order_by("name"))))
    context = {
        "rows": rows,
        "empty": sum(post.is_needed and not held for post, _site, held in rows),
        "form": form if may_edit else None,
        "may_edit": may_edit and not program.archived_at,
    }
    return render(request, "programs/named_roles.html", context, status=422 if form.errors else 200)


@staff_page(Right.PROGRAM_EDIT)
def named_role(request, program, code):
    """Whether the program wants somebody in this named role."""
    post = get_object_or_404(program.posts, code=code)
    form = Wanted(request.POST if request.method == "POST" else None, initial={"is_needed": post.is_needed})
    return keep(request, program, post, form, {"title": post.label, "lead": post.source})


@staff_page(Right.PROGRAM_EDIT)
def drop(request, program, pk):
    """Somebody holds a named role no longer."""
    holder = get_object_or_404(Holder.objects.select_related("post"), program=program, pk=pk)
    if request.method == "POST":
        actions.end_holder(holder, by=request.user, at=timezone.now())
        kept(request, _("Kept. What they did stays written down."))
    return redirect("programs:named-roles", program.slug)
