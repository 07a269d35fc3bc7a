"""What is typed on the pages of matches."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.core.fields import Day, OneLine, Words
from rapport.matches.models import Closure, Match
from rapport.people.models import Participant, Person
from rapport.people.names import called
from rapport.programs.models import Membership

LONGEST = timedelta(days=366)  # of a rest; whoever writes more slipped in the year
SHOWN = 200  # names in one list to choose from; the search above it narrows it
TOLD = ("ref", "person__given_name", "person__family_name", "site__name")  # of each to choose from


def colleagues(program, at):
    """Who may coordinate here: live staff with a desk."""
    desks = Membership.objects.live(at).staff().filter(program=program, role__grants__right=Right.TASK_DO)
    return User.objects.filter(pk__in=desks.values("user")).order_by("name", "pk")


class Chosen(forms.ModelChoiceField):
    """One participant out of those this reader may reach, by name and site."""

    def label_from_instance(self, one):
        return in_words(one.person.given_name, one.person.family_name, one.site and one.site.name)


class Pair(forms.Form):
    """A mentor, a mentee, and who looks after them."""

    mentor = Chosen(Participant.objects.none(), label=_("Mentor"), to_field_name="ref", empty_label=_("Choose one"))
    mentee = Chosen(Participant.objects.none(), label=_("Mentee"), to_field_name="ref", empty_label=_("Choose one"))
    coordinator = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Coordinator"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Needed before they begin. You can name one later."),
    )

    def __init__(self, *args, people, letters, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = colleagues(program, at)
        self.has_many = any(letters.values())
        for side in ("mentor", "mentee"):
            field = self.fields[side]
            field.queryset = people.filter(side=side)
            field.error_messages["required"] = _("Choose a mentor.") if side == "mentor" else _("Choose a mentee.")
            shown = list(named(field.queryset, letters.get(side, "")).values_list(*TOLD)[: SHOWN + 1])
            self.has_many |= len(shown) > SHOWN
            choices = [(ref, in_words(*words)) for ref, *words in shown[:SHOWN]]
            field.choices = [("", field.empty_label), *choices]


def in_words(given, family, site):
    """Somebody to choose: their name, and where."""
    name = f"{given} {family}".strip()
    return f"{name}, {site}" if site else name


def named(people, letters):
    """Those whose name begins with these letters, in the order of their names."""
    if letters:
        people = people.filter(called(letters, Person.objects))
    return people.order_by("person__given_name", "person__family_name", "pk")


class Beginning(forms.Form):
    begun_on = Day(label=_("First day"))


class Aside(forms.Form):
    words = OneLine(
        label=_("Why"), required=False, most=300, help_text=_("For whoever looks at this later. It is no ending.")
    )


class Coordinator(forms.Form):
    coordinator = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Coordinator"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose who looks after them.")},
    )

    def __init__(self, *args, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = colleagues(program, at)


class Coordinators(Coordinator):
    """The same for many at once."""

    matches = forms.ModelMultipleChoiceField(
        Match.objects.none(), to_field_name="ref", error_messages={"required": _("Choose at least one match.")}
    )

    def __init__(self, *args, matches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["matches"].queryset = matches


class Rest(forms.Form):
    """A pause."""

    starts_on = Day(label=_("They rest from"))
    back_on = Day(label=_("They mean to go on"), required=False)
    reason = OneLine(
        label=_("Why"), required=False, help_text=_("Staff read this. Leave out what was said in confidence.")
    )

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("back_on") and data["back_on"] < data["starts_on"]:
            self.add_error("back_on", _("They cannot go on before they rest. Look at both days."))
        elif data.get("starts_on") and data.get("back_on") and data["back_on"] > data["starts_on"] + LONGEST:
            self.add_error("back_on", _("That is more than a year. Look at the year you wrote."))
        return data


class Withdrawal(forms.Form):
    """A gate that no longer stands."""

    met_on = Day(label=_("Since which day"))
    how = OneLine(label=_("How you know"), required=False, most=120, help_text=_("For example: by phone, from Grace"))


class Ending(forms.Form):
    """When it ends, and why."""

    ended_on = Day(label=_("Last day"))
    reason = forms.ChoiceField(
        label=_("Why it ends"),
        choices=[("", _("Choose one")), *Closure.Reason.choices],
        error_messages={"required": _("Choose the reason that is nearest. You can add words below.")},
    )
    note = Words(label=_("Anything the next coordinator should know"), required=False, most=4000)
