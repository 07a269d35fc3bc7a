"""The points of one moment as a form: each a tick, or a few words where words are asked for."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Words
from rapport.matches.models import Match, Point
from rapport.matches.questions import with_minors
from rapport.programs.models import PointRule

SILENT = _("chose not to say")


@dataclass(frozen=True)
class ToTick:
    """One point as the page shows it: a row that is there, or a rule that will have one."""

    code: str
    label: str
    is_required: bool
    needs_words: bool
    ticked_at: datetime | None = None
    ticked_by: str = ""
    words: str = ""


def moment_of(match):
    """Which points are of interest now."""
    return Point.Moment.BEGIN if match.state == Match.State.PROPOSED else Point.Moment.CLOSE


def points_of(match, moment, at) -> list[ToTick]:
    """The points of this match for one moment, in the order of the rules; three queries."""
    there = {point.code: point for point in match.points.filter(moment=moment).select_related("ticked_by")}
    has_minor = with_minors([match], at)
    rules = PointRule.objects.filter(program=match.program_id, moment=moment)
    asked = [rule for rule in rules if has_minor or not rule.minors_only]
    ordered = [there.pop(rule.code, rule) for rule in asked]
    return [to_tick(one) for one in [*ordered, *there.values()]]


def to_tick(one):
    settled = getattr(one, "kept_at", None) or getattr(one, "excused_at", None)
    by = getattr(one, "ticked_by", None)
    words = getattr(one, "words", "")
    return ToTick(one.code, one.label, one.is_required, one.needs_words, settled, str(by or ""), words)


class WordsOrSilence(Words):
    """Words that are asked for, unless the tick beside them says that somebody chose not to say."""

    def validate(self, value):
        """The form looks at both together."""


class Ticks(forms.Form):
    """What is still to be ticked. `must`: every required point, for the step cannot be taken without it."""

    use_required_attribute = False

    def __init__(self, *args, points, must=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.points, self.must = points, must
        for point in points:
            if point.ticked_at:
                continue
            if point.needs_words:
                self.fields[f"words-{point.code}"] = WordsOrSilence(
                    label=point.label, required=point.is_required, most=300, rows=2
                )
                silent = _("They were asked and chose not to say")
                self.fields[f"silent-{point.code}"] = forms.BooleanField(label=silent, required=False)
            else:
                self.fields[f"tick-{point.code}"] = forms.BooleanField(label=point.label, required=False)

    def clean(self):
        data = super().clean()
        for point in self.points:
            if self.must and point.is_required and not point.ticked_at and point.code not in self.words_by_code(data):
                name = f"words-{point.code}" if point.needs_words else f"tick-{point.code}"
                if name not in self.errors:
                    self.add_error(name, self.sentence(point))
        return data

    def sentence(self, point):
        if point.needs_words:
            return _("Their view comes before this step. Ask them, or say that they chose not to say.")
        return _("This comes first: %(what)s.") % {"what": point.label}

    def words_by_code(self, data=None):
        """What was ticked now: {code: words}."""
        data = self.cleaned_data if data is None else data
        said = {}
        for point in self.points:
            words = data.get(f"words-{point.code}") or (str(SILENT) if data.get(f"silent-{point.code}") else "")
            if words or data.get(f"tick-{point.code}"):
                said[point.code] = words
        return said

    @property
    def rows(self):
        """(point, its fields) in the order of the rules; ticked ones have none."""
        return [(point, [self[name] for name in self.names_of(point) if name in self.fields]) for point in self.points]

    def names_of(self, point):
        return [f"{kind}-{point.code}" for kind in ("tick", "words", "silent")]
