"""What coordinators type about criteria: how much each weighs, and what one of them looks at."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import OneLine
from rapport.core.fields import Words as Lines
from rapport.core.seen import as_they_stand, seen_field
from rapport.matching.criteria import kinds, known
from rapport.matching.models import Criterion
from rapport.programs.forms import number

PLAIN = ("weight", "is_hard", "is_on")
SHOWN = ("code", "label", "group", *PLAIN, "settings")  # of one of them, on its own page
POINTS = {
    "ordered-gap": ("order", "points", "least", "most"),
    "overlap": ("enough",),
    "same": (),
    "different": (),
}


class Weights(forms.Form):
    """How much each criterion weighs, whether it forbids, and whether it is looked at now."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["seen"] = seen_field(as_they_stand(rows, ("code", *PLAIN)))
        for row in rows:
            self.fields[f"weight-{row.code}"] = number(
                _("Points for “%(label)s”, at most") % {"label": row.label}, kinds.HEAVIEST, 0, initial=row.weight
            )
            for name, label in (("is_on", _("Looked at")), ("is_hard", _("Forbids a pair it does not fit"))):
                field = forms.BooleanField(label=label, required=False, initial=getattr(row, name))
                self.fields[f"{name}-{row.code}"] = field

    def clean(self):
        said = super().clean()
        if not self.errors and (words := too_much(self.said().values())):
            self.add_error(None, words)
        return said

    def said(self):
        """{code: {field: value}} as the page has it."""
        return {row.code: {name: self.cleaned_data[f"{name}-{row.code}"] for name in PLAIN} for row in self.rows}

    def lines(self):
        """Each criterion with its three fields, for the page."""
        return [(row, *(self[f"{name}-{row.code}"] for name in PLAIN)) for row in self.rows]

    def as_they_would_be(self):
        """The criteria as the page has them, nothing kept."""
        said = self.said()
        return [changed(row, **said[row.code]) for row in self.rows]


def too_much(rows):
    on = [one for one in rows if one["is_on"]]
    return kinds.too_much([one["weight"] for one in on], sum(one["is_hard"] for one in on))


def changed(row, **said):
    """A criterion as it would be."""
    values = {name: getattr(row, name) for name in ("program_id", "code", "kind", "label", "settings", "group", *PLAIN)}
    return Criterion(**{**values, **said})


class OneCriterion(forms.Form):
    """What one criterion looks at, in plain words. Only the fields that its kind has."""

    label = OneLine(label=lazy("What it is called on pages"), most=120)
    mentee = forms.ChoiceField(label=lazy("What it looks at in the mentee"))
    mentor = forms.ChoiceField(label=lazy("What it looks at in the mentor"))
    enough = number(lazy("How many in common are enough for all points"), 100, initial=1)
    order = Lines(label=lazy("Steps, from lowest to highest"), most=4000, rows=6, help_text=lazy("One on each line"))
    points = Lines(
        label=lazy("How much of the points, by steps the mentor stands above"), most=2000, rows=4,
        help_text=lazy("Steps and per cent, one on each line, such as 1 = 100"),
    )  # fmt: skip
    least = number(lazy("Fits from so many steps"), 100, -100, required=False)
    most = number(lazy("and up to so many"), 100, -100, required=False)
    only_if = forms.ChoiceField(
        label=lazy("Only where the mentee said yes to"), required=False,
        help_text=lazy("Nobody else is judged by it."),
    )  # fmt: skip
    quiet = forms.BooleanField(
        label=lazy("Pages of rounds say that it fits, never what was told"), required=False,
        help_text=lazy("For what somebody told about who they are."),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=lazy("It stands under"), choices=Criterion.Group.choices, initial=Criterion.Group.OTHER
    )
    weight = number(lazy("Points, at most"), kinds.HEAVIEST, 0, initial=100)
    is_hard = forms.BooleanField(label=lazy("It forbids a pair it does not fit"), required=False)
    is_on = forms.BooleanField(label=lazy("It is looked at now"), required=False, initial=True)
    source = OneLine(label=lazy("Why you look at it, or where it comes from"), most=300)

    def __init__(self, *args, program, kind, criterion=None, **kwargs):
        self.kind, self.criterion, self.program = kind, criterion, program
        super().__init__(*args, initial=as_typed(criterion) if criterion else {}, **kwargs)
        self.fields["seen"] = seen_field(as_they_stand([criterion], SHOWN) if criterion else "")
        for name in {"order", "points", "least", "most", "enough"} - set(POINTS[kind]):
            del self.fields[name]
        if criterion:
            del self.fields["source"]  # where it comes from stays
        names = [(name, str(words)) for name, words in known.names_in(program).items()]
        self.fields["mentee"].choices = self.fields["mentor"].choices = names
        self.fields["only_if"].choices = [("", _("whoever it is")), *names]

    def clean(self):
        said = super().clean()
        if self.errors:
            return said
        for field, words in kinds.wrong({"kind": self.kind, "settings": self.settings()}):
            self.add_error(field if field in self.fields else None, words.capitalize())
        others = self.program.criteria.exclude(pk=self.criterion.pk if self.criterion else None).values(*PLAIN)
        if words := too_much([*others, {name: said[name] for name in PLAIN}]):
            self.add_error("weight", words)
        return said

    def clean_order(self):
        return [line for line in map(str.strip, self.cleaned_data["order"].splitlines()) if line]

    def clean_points(self):
        """{steps: per cent} of lines such as "1 = 100"."""
        lines = [line for line in self.cleaned_data["points"].splitlines() if line.strip()]
        pairs = [[part.strip() for part in line.replace(":", "=").partition("=")[::2]] for line in lines]
        if not all(kinds.is_step(step) and share.isascii() and share.isdigit() for step, share in pairs):
            raise forms.ValidationError(_("Write steps and per cent, one on each line, such as 1 = 100."))
        return {step: int(share[:4]) for step, share in pairs}

    def settings(self):
        """As the engine reads them; what the page does not ask for stays."""
        said = self.cleaned_data
        asked = {"trait", "mentee", "mentor", "only_if", "quiet", *POINTS[self.kind]}
        kept = {k: v for k, v in (self.criterion.settings if self.criterion else {}).items() if k not in asked}
        both = {"mentee": said["mentee"], "mentor": said["mentor"]}
        kept |= {"trait": said["mentee"]} if said["mentee"] == said["mentor"] else both
        more = {name: said[name] for name in ("only_if", "quiet", *POINTS[self.kind])}
        return kept | {name: value for name, value in more.items() if value is not False and value not in ("", None)}

    def row(self):
        """The fields of the criterion as typed."""
        said = {name: self.cleaned_data[name] for name in ("label", "group", *PLAIN)}
        return {**said, "settings": self.settings()}

    def as_it_would_be(self):
        """The criterion as typed, nothing kept."""
        if self.criterion:
            return changed(self.criterion, **self.row())
        return Criterion(program=self.program, kind=self.kind, code="new", **self.row())


def as_typed(criterion):
    """A criterion as its form shows it."""
    settings = criterion.settings
    shown = {name: getattr(criterion, name) for name in ("label", "group", *PLAIN)}
    shown |= {side: settings.get(side) or settings.get("trait") for side in ("mentee", "mentor")}
    shown |= {name: settings[name] for name in ("enough", "least", "most", "only_if", "quiet") if name in settings}
    shown["order"] = "\n".join(settings.get("order", []))
    shown["points"] = "\n".join(f"{step} = {share}" for step, share in settings.get("points", {}).items())
    return shown
