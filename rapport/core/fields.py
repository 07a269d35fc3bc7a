"""Fields that every form is made of: words and days as people type them, and nothing that no person means."""

import calendar
import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

CHOOSE = {"required": lazy("Choose one of these."), "invalid_choice": lazy("Choose one of these.")}
LINE_LENGTH = 200
WORDS_LENGTH = 10_000
YEARS = range(1900, 2101)
MOST_DIGITS = 18  # of a record's number, as every database keeps it
MOST_MARKS = 4  # accents in a row on one letter; a flood of them covers the lines around
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))  # dropped: they make equal names unequal
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that look like nothing
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
OVERRIDES = "\u202d\u202e"  # nobody means these; the others in a long text come with pasted Arabic or Hebrew
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # turn the reading order of what follows

ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
LOCAL_DAY = re.compile(r"(\d{1,2})[\s./-]+(?:de\s+)?(\d{1,2}|[^\d\s,./-]+)\.?[\s,./-]+(?:de\s+)?(\d{1,9})")
CLOCK = re.compile(
    r"^(?P<day>.*?)[\sT,]+(?:at\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::00)?\s*(?P<half>[ap]\.?m\.?)?$",
    re.IGNORECASE,
)


def clean_words(text, *, most):
    """Text as it is kept: one form of each letter, no invisible signs. Raises ValidationError for what is no text."""
    if len(text) > 4 * most:
        raise _too_long(len(text), most)
    text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in text):
        raise ValidationError(
            _("There are signs in this text that cannot be shown. Type it anew."),
            code="signs",
        )
    if any(sign in OVERRIDES for sign in text):
        raise _turned()
    if _has_flood(text):
        raise ValidationError(_("There are too many accents on one letter. Type it anew."), code="marks")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > most:
        raise _too_long(len(text), most)
    return text if any(_shows(sign) for sign in text) else ""


def clean_line(text, *, most):
    """One line as it is kept, with single spaces. Raises ValidationError for line breaks and turned reading order."""
    text = text.strip()
    if any(sign in BREAKS for sign in text):
        raise ValidationError(_("This must be one line."), code="line")
    if any(sign in TURNS for sign in text):
        raise _turned()
    return " ".join(clean_words(text, most=most).split())


def parse_day(text):
    """The day that somebody typed: 2026-03-27, 27 3 2026, 27.3.2026, 27 March 2026. Raises ValidationError."""
    text = text.strip()
    if match := ISO_DAY.fullmatch(text):
        year, month, day = match.groups()
    elif match := LOCAL_DAY.fullmatch(text):
        day, month, year = match.groups()
    else:
        raise ValidationError(_("Write the day as 27 3 2026 or 2026-03-27."), code="day")
    return _day(_year(year), _month(month), int(day))


def parse_moment(text, *, zone):
    """The day and time that somebody typed, in that time zone; of a time that happens twice, the first."""
    match = CLOCK.match(text.strip())
    if not match:
        raise ValidationError(_("Write the day and the time as 27 3 2026 15:30."), code="moment")
    moment = datetime.combine(parse_day(match["day"]), _time(match), tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValidationError(
            _("This time does not exist: the clocks go forward then. Choose another."),
            code="gap",
        )
    return moment.astimezone(UTC)  # in UTC, for Python never finds a time that happens twice equal to anything


def _too_long(length, most):
    return ValidationError(
        _("This is too long: %(length)d signs, and %(most)d fit."),
        code="long",
        params={"length": length, "most": most},
    )


def _turned():
    message = _("There are signs in this text that turn its reading order. Type it anew.")
    return ValidationError(message, code="turns")


def _shows(sign):
    """A person can see it: a name made of blanks is no name."""
    return sign not in BLANKS and unicodedata.category(sign)[0] not in "CZM"


def _has_flood(text):
    run = 0
    for sign in text:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if run > MOST_MARKS:
            return True
    return False


def _year(text):
    if len(text) < 4:
        raise ValidationError(_("Write the year in full, such as 2026."), code="year")
    if int(text) not in YEARS:
        raise ValidationError(
            _("Look at the year: %(year)s cannot be right."),
            code="year",
            params={"year": text},
        )
    return int(text)


def _month(text):
    if text.isdecimal():
        if 1 <= int(text) <= 12:
            return int(text)
        message = _("There is no month %(month)s. Write the day first, then the month: 27 3 2026.")
        raise ValidationError(message, code="month", params={"month": text})
    said = text.rstrip(".").casefold()
    for names in (_month_names(), _month_names("en")):
        if said in names:
            return names[said]
    raise ValidationError(_("There is no month %(month)s."), code="month", params={"month": text})


def _month_names(language=None):
    if language:
        with override(language):
            return _month_names()
    return {str(name).casefold().rstrip("."): number for table in (MONTHS_3, MONTHS) for number, name in table.items()}


def _day(year, month, day):
    longest = calendar.monthrange(year, month)[1]
    if 1 <= day <= longest:
        return date(year, month, day)
    name = f"{MONTHS[month]} {year}" if month == 2 else str(MONTHS[month])
    message = _("%(day)d %(month)s does not exist. %(month)s has %(longest)d days.")
    raise ValidationError(message, code="day", params={"day": day, "month": name, "longest": longest})


def _time(match):
    hour, half = int(match["hour"]), (match["half"] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half:
        hour = 24
    if hour > 23 or int(match["minute"]) > 59:
        raise ValidationError(_("There is no such time. Write it as 15:30."), code="time")
    return time(hour, int(match["minute"]))


class OneLine(forms.CharField):
    """A name, a title, a place: one line of text."""

    def __init__(self, *, most=LINE_LENGTH, **kwargs):
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs = {"maxlength": most, "dir": "auto", **self.widget.attrs}

    def to_python(self, value):
        return clean_line(super().to_python(value), most=self.most)


class Words(forms.CharField):
    """What somebody says in their own words: as many lines as it takes."""

    def __init__(self, *, most=WORDS_LENGTH, rows=3, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs = {"maxlength": most, "dir": "auto", **self.widget.attrs}

    def to_python(self, value):
        return clean_words(super().to_python(value), most=self.most).strip()


class Several(forms.ModelMultipleChoiceField):
    """Some of many records. A number that no record can have is none of them, on every database."""

    def clean(self, value):
        if any(len(str(one)) > MOST_DIGITS for one in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": ""})
        return super().clean(value)


class Day(forms.Field):
    """A day, typed as people write it. Gives a date, or None where it may be left out."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "maxlength": 40})
    default_error_messages: ClassVar[dict] = {"required": lazy("Which day? Write it as 27 3 2026.")}

    def __init__(self, *, earliest=None, latest=None, **kwargs):
        kwargs.setdefault("help_text", lazy("For example 27 3 2026"))
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value):
        if isinstance(value, date) or value in self.empty_values or not str(value).strip():
            return value if isinstance(value, date) else None
        return self.within(parse_day(clean_line(str(value), most=40)))

    def within(self, day):
        """The day, if it lies within what the form allows; limits may be functions, asked at each use."""
        earliest, latest = (limit() if callable(limit) else limit for limit in (self.earliest, self.latest))
        if earliest and day < earliest:
            raise ValidationError(
                _("It cannot be before %(day)s."),
                code="early",
                params={"day": _said(earliest)},
            )
        if latest and day > latest:
            raise ValidationError(
                _("It cannot be after %(day)s."),
                code="late",
                params={"day": _said(latest)},
            )
        return day

    def prepare_value(self, value):
        return _said(value) if isinstance(value, date) else value


class Moment(forms.Field):
    """A day and a time, in the time zone of the program (`zone`, else the page's). Gives an aware datetime, or None."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "maxlength": 60})
    default_error_messages: ClassVar[dict] = {"required": lazy("When? Write it as 27 3 2026 15:30.")}

    def __init__(self, *, zone=None, **kwargs):
        kwargs.setdefault("help_text", lazy("For example 27 3 2026 15:30"))
        super().__init__(**kwargs)
        self.zone = zone

    def to_python(self, value):
        if isinstance(value, datetime) or value in self.empty_values or not str(value).strip():
            return value if isinstance(value, datetime) else None
        return parse_moment(
            clean_line(str(value), most=60),
            zone=self.zone or timezone.get_current_timezone(),
        )

    def prepare_value(self, value):
        if not isinstance(value, datetime):
            return value
        value = timezone.localtime(value, self.zone)
        return f"{_said(value)} {value:%H:%M}"


def _said(day):
    return f"{day.day} {day.month} {day.year}"
