"""Settings of the organization, and in which of them a program follows it."""

from django import forms
from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.fields import OneLine
from rapport.core.notices import kept
from rapport.core.own_words import spoken_as
from rapport.portal.actions import organizing
from rapport.portal.setup.forms import zones
from rapport.programs.doors import staff_page
from rapport.programs.forms import Words, number
from rapport.programs.models import Program

NAMES = {
    organizing.LANGUAGES: lazy("Languages"), organizing.WORDS: lazy("Own words"),
    organizing.QUIET: lazy("Quiet hours"),
}  # fmt: skip


class Defaults(Words):
    """What the organization says: its name and zone, its languages, its quiet hours, its words."""

    def __init__(self, *args, organization, **kwargs):
        said = organization.languages or [settings.LANGUAGE_CODE]
        super().__init__(*args, program=Program(languages=said, words=organization.words), **kwargs)
        most = {"required": False, "initial": organization.quiet_from}
        self.fields = {
            "name": OneLine(label=_("Name of the organization"), most=200, initial=organization.name),
            "time_zone": forms.ChoiceField(
                label=_("Time zone of new programs"), choices=zones, initial=organization.time_zone
            ),
            "languages": forms.MultipleChoiceField(
                label=_("Languages of those who take part"), widget=forms.CheckboxSelectMultiple,
                choices=settings.LANGUAGES, initial=organization.languages, required=False,
            ),
            "quiet_from": number(_("Nobody is written to from this hour on (0 to 23)"), 23, 0, **most),
            "quiet_until": number(
                _("Until this hour (0 to 23)"), 23, 0, required=False, initial=organization.quiet_until
            ),
            **self.fields,
        }  # fmt: skip

    def clean(self):
        said = super().clean()
        if (said.get("quiet_from") is None) != (said.get("quiet_until") is None):
            self.add_error("quiet_until", _("Say both hours, or neither."))
        return said

    @property
    def own(self):
        """What was said, by field."""
        names = ("name", "time_zone", "languages", "quiet_from", "quiet_until")
        return {name: self.cleaned_data[name] for name in names} | {"words": self.words}

    @property
    def first(self):
        return [self[name] for name in ("name", "time_zone", "languages", "quiet_from", "quiet_until")]


class Follows(forms.Form):
    """In which settings the program follows its organization."""

    follows = forms.MultipleChoiceField(
        label=lazy("As the organization says it"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args, program, **kwargs):
        super().__init__(*args, **kwargs)
        there = [name for name in organizing.FOLLOWED if organizing.says(program.organization, name)]
        self.fields["follows"].choices = [(name, NAMES[name]) for name in there]
        self.fields["follows"].initial = program.follows


@staff_page(Right.HOUSE_MANAGE)
def organization(request, program):
    """What the organization says; it holds at once in each program that follows it."""
    form = Defaults(request.POST or None, organization=program.organization)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")[:40]
        changed = organizing.change_organization(
            program.organization, form.own, seen=seen, by=request.user, at=timezone.now()
        )
        kept(request, _("Kept. It changed something in %(n)d programs that follow.") % {"n": len(changed)})
        return redirect("portal:organization", program.slug)
    seen = Program.objects.visible_to(request.user).open().filter(organization=program.organization).order_by("name")
    with spoken_as(None):
        context = {"form": form, "followers": [one for one in seen if one.follows]}
        context["seen"] = request.POST.get("seen") or organizing.as_it_stands(program.organization)
        return render(request, "portal/organization.html", context)


@staff_page(Right.PROGRAM_EDIT)
def follows(request, program):
    """Follow the organization here, or go an own way."""
    form = Follows(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        changed = organizing.follow(program, form.cleaned_data["follows"], by=request.user, at=timezone.now())
        kept(request, _("Kept. It holds from now on.") if changed else _("Nothing was different."))
        return redirect("programs:settings", program.slug)
    return render(request, "portal/follows.html", {"form": form, "organization": program.organization})
