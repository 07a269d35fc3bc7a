"""What a pair settled for itself, in words: on the agreement, on paper, and between two versions. Pure."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EVERY = {
    "days": lambda n: ngettext("once every day", "once every %(n)d days", n) % {"n": n},
    "weeks": lambda n: ngettext("once a week", "once every %(n)d weeks", n) % {"n": n},
    "months": lambda n: ngettext("once a month", "once every %(n)d months", n) % {"n": n},
}


def terms_said(terms):
    """[(what it is about, words)] of what was settled; what was left empty is left out."""
    rows = [
        (_("How often we meet"), terms.every and EVERY[terms.unit or "weeks"](terms.every)),
        (_("How long a meeting lasts"), terms.minutes and _("%(n)d minutes") % {"n": terms.minutes}),
        (_("Time together in a month"), terms.hours_a_month and hours_said(terms.hours_a_month)),
        (_("From"), terms.starts_on and date_format(terms.starts_on, "j F Y")),
        (_("Until"), terms.ends_on and date_format(terms.ends_on, "j F Y")),
        (_("Where, or how"), terms.place),
        (_("How we write or call"), terms.channels),
        (_("At which hours"), terms.hours),
        (_("Who cannot come says so"), terms.notice_hours and notice_said(terms.notice_hours)),
        (_("What we want to reach"), terms.goals),
        (_("Our own rules"), terms.rules),
        (_("Does one of us decide about the other?"), terms.overlap and overlap_said(terms)),
    ]
    return [(name, words) for name, words in rows if words]


def hours_said(hours):
    return _("%(hours)s hours") % {"hours": number_format(hours.normalize())}


def notice_said(hours):
    return ngettext("at least %(n)d hour before", "at least %(n)d hours before", hours) % {"n": hours}


def overlap_said(terms):
    return _("No") if terms.overlap == "none" else _("Yes: %(words)s") % {"words": terms.overlap_words}
