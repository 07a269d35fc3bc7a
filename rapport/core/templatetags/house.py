"""Tags and filters that the components stand on: fields, standings, what we owe, the bar of hours."""

from datetime import datetime

from django import forms, template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.notices import UNDO

register = template.Library()

STANDINGS = {
    "thriving": lazy("Thriving"),
    "steady": lazy("Steady"),
    "watch": lazy("Watch"),
    "help": lazy("Needs help"),
    "unknown": lazy("Unknown"),
    "paused": lazy("Paused"),
}
FACES = (  # value, word, mouth
    ("1", lazy("Bad"), "M8 17.6c1.3-4 6.7-4 8 0"),
    ("2", lazy("Not so good"), "M9 16.4c1.6-1.3 4.4-1.3 6 0"),
    ("3", lazy("OK"), "M9 16h6"),
    ("4", lazy("Good"), "M9 15.2c1.6 1.4 4.4 1.4 6 0"),
    ("5", lazy("Great"), "M8 14.4c1.4 3.6 6.6 3.6 8 0z"),
)
CLASSES = (
    (forms.Select, "form-select"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.HiddenInput, ""),
)


@register.filter
def standing_word(state):
    """The word for how they are; `needs_help` is taken for `help`."""
    return STANDINGS.get(standing_class(state), STANDINGS["unknown"])


@register.filter
def standing_class(state):
    """The class of how they are. What nobody knows is unknown, never green."""
    state = {"needs_help": "help"}.get(str(state), str(state))
    return state if state in STANDINGS else "unknown"


@register.filter
def undo_address(message):
    """The address that takes a message's deed back, or nothing."""
    return next(
        (tag[len(UNDO) :] for tag in (message.extra_tags or "").split() if tag.startswith(UNDO)),
        "",
    )


@register.filter
def columns(words):
    """'Match|Site|Now' as a list; a list stays as it is."""
    return words.split("|") if isinstance(words, str) else words


@register.filter
def as_text(value):
    """A value as the text it has in a form; nothing is empty."""
    return "" if value is None else str(value)


@register.filter
def kind_of(field):
    """Which shape a form field takes on the page."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "plain"


@register.filter
def options(field):
    """(id, value, whether it is chosen, words) of each choice of a field: read out once, for there may be hundreds."""
    told = [option.data for option in field.subwidgets]
    return [(one["attrs"].get("id", ""), str(one["value"]), one["selected"], one["label"]) for one in told]


@register.simple_tag
def house_widget(field):
    """A form field's control in the house's classes, tied to its hint and its error."""
    ids = [f"{field.auto_id}-h"] * bool(field.help_text) + [f"{field.auto_id}-e"] * bool(field.errors)
    widget = field.field.widget
    name = next((name for kind, name in CLASSES if isinstance(widget, kind)), "form-control")
    attrs = {
        "class": f"{name} {widget.attrs.get('class', '')}".strip(),
        "aria-describedby": " ".join(ids) or False,
    }
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs={key: value for key, value in attrs.items() if value != ""})


@register.filter
def first_id(field):
    """The id of the first control of a field: where a link of the error summary leads."""
    if kind_of(field) == "choices":
        return next((option.id_for_label for option in field), field.auto_id)
    return field.id_for_label or field.auto_id


@register.filter
def wrong_fields(form):
    """The fields of a form (or of several) that hold an error, in the order of the page."""
    many = form if isinstance(form, list | tuple) or hasattr(form, "management_form") else [form]
    return [field for one in many for field in one if field.errors]


@register.filter
def whole_errors(form):
    """What is wrong with a form as a whole."""
    if hasattr(form, "non_form_errors"):
        return [
            *form.non_form_errors(),
            *(e for one in form for e in one.non_field_errors()),
        ]
    many = form if isinstance(form, list | tuple) else [form]
    return [error for one in many for error in one.non_field_errors()]


@register.simple_tag
def to_put_right(*lists):
    """'Three things to put right', in words up to nine."""
    count = sum(len(one) for one in lists)
    words = [
        _("One"),
        _("Two"),
        _("Three"),
        _("Four"),
        _("Five"),
        _("Six"),
        _("Seven"),
        _("Eight"),
        _("Nine"),
    ]
    said = words[count - 1] if 0 < count <= len(words) else str(count)
    return ngettext("%(count)s thing to put right", "%(count)s things to put right", count) % {"count": said}


@register.simple_tag
def faces():
    """The five faces: value, word, mouth, and whether the mouth is filled."""
    return [(value, word, mouth, mouth.endswith("z")) for value, word, mouth in FACES]


@register.simple_tag
def owed(due_on, late_on=None, at=None):
    """What we owe by a day as (class, words): late, today, tomorrow, a weekday, a date, or nothing due.

    Each may be a day or a moment; it is late from `late_on`, else from the day after. `at` is now, where not told.
    """
    if not due_on:
        return "none", _("nothing due")
    at = at or timezone.now()
    day, today = _day(due_on), _day(at)
    ahead = (day - today).days
    if _reached(late_on, at) if late_on else ahead < 0:
        days = max(0, -ahead)
        return "late", ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days} if days else _(
            "late today"
        )
    if ahead < 0:
        return "", _("since %(day)s") % {"day": date_format(day, "l" if ahead > -7 else "j F")}
    if ahead < 2:
        return "", _("tomorrow") if ahead else _("today")
    return "", date_format(day, "l" if ahead < 7 else "j F")


@register.simple_tag
def bar_parts(held, unknown=0, expected=None, total=None):
    """The pieces of a bar in per cent of its length, as the attributes of SVG want them; mirrored right to left."""
    held, unknown, expected = (max(0.0, float(value or 0)) for value in (held, unknown, expected))
    whole = max(float(total or 0), expected, held + unknown) or 1.0

    def piece(start, width):
        start, width = 100 * start / whole, 100 * width / whole
        return {
            "x": f"{100 - start - width if get_language_bidi() else start:.1f}%",
            "width": f"{width:.1f}%",
        }

    mark = piece(min(expected, 0.998 * whole), 0) if expected else None
    return {
        "held": piece(0, held),
        "unknown": piece(held, unknown) if unknown else None,
        "expected": mark,
    }


def _reached(late_on, at):
    """Moments compare as moments; where one is a day, as days."""
    if isinstance(late_on, datetime) and isinstance(at, datetime):
        return at >= late_on
    return _day(at) >= _day(late_on)


def _day(value):
    """The day of a date or of a moment, in the time zone of the page."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
