"""What can be changed after a look at what it will send: each kind as plain values that a row keeps, and its doing."""

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.outbox.actions import end_quiet
from rapport.outbox.preview import waiting_in
from rapport.portal.changing import change_rule
from rapport.programs.actions import ChangedMeanwhile, close_days, open_days
from rapport.programs.models import ClosedTime, Promise
from rapport.programs.templatetags.programs import code_words
from rapport.programs.words import promised

LIMIT, PROMISE, CLOSE, OPEN, QUIET = "limit", "promise", "close-days", "open-days", "quiet-end"


@dataclass(frozen=True)
class Change:
    """What is changed (`key` names the row), from what to what, as plain values."""

    what: str
    key: str = ""
    was: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict:
        return asdict(self)


def of_rule(rule, said) -> Change:
    """A change of a promise or a limit to what a form said."""
    names = [name for name in said if getattr(rule, name) != said[name]]
    what = PROMISE if isinstance(rule, Promise) else LIMIT
    was = {name: plain(getattr(rule, name)) for name in names}
    return Change(what, rule.code, was, {name: plain(said[name]) for name in names})


def of_closing(said) -> Change:
    """Days that are to be closed, as the form of the calendar said them."""
    now = {name: plain(said[name]) for name in ("kind", "starts_on", "ends_on", "name")}
    return Change(CLOSE, said["site"].ref if said["site"] else "", now=now)


def of_opening(closed) -> Change:
    return Change(OPEN, str(closed.pk), was={"starts_on": plain(closed.starts_on), "ends_on": plain(closed.ends_on)})


def of_quiet_end() -> Change:
    return Change(QUIET, was={"quiet_start": True}, now={"quiet_start": False})


def plain(value):
    return str(value) if isinstance(value, Decimal | date) else value


def apply(change: Change, program, *, by, at) -> None:
    """Do it, for a look or for good. Raises ChangedMeanwhile where it is not as it was when somebody looked."""
    DO[change.what](change, program, by, at)


def rule_of(change, program):
    rules = program.promises if change.what == PROMISE else program.limits
    return rules.select_related("program").filter(code=change.key).first()


def change_numbers(change, program, by, at):
    rule = rule_of(change, program)
    if rule is None or {name: plain(getattr(rule, name)) for name in change.was} != change.was:
        raise ChangedMeanwhile(program)
    told = {name: Decimal(value) if name == "hours_a_month" else value for name, value in change.now.items()}
    change_rule(rule, told, by=by, at=at)


def close(change, program, by, at):
    site = program.sites.filter(ref=change.key).first() if change.key else None
    if change.key and site is None:
        raise ChangedMeanwhile(program)
    days = {name: date.fromisoformat(change.now[name]) for name in ("starts_on", "ends_on")}
    close_days(program, kind=change.now["kind"], name=change.now["name"], site=site, **days, by=by, at=at)


def open_again(change, program, by, at):
    closed = ClosedTime.objects.filter(program=program, pk=int(change.key)).first()
    if closed is None:
        raise ChangedMeanwhile(program)
    open_days(closed, by=by, at=at)


def end_quiet_start(change, program, by, at):
    """Played as if all that waits were released with it; it is ended for good on the page of what waits alone."""
    end_quiet(program, waiting=waiting_in(program, by, at), by=by, at=at)


DO = {
    LIMIT: change_numbers, PROMISE: change_numbers, CLOSE: close, OPEN: open_again, QUIET: end_quiet_start,
}  # fmt: skip


def words_of(change, program) -> str:
    """What is changed, as a heading: "Remind after: 3 → 5"."""
    if change.what == QUIET:
        return _("Quiet start ends")
    if change.what in (CLOSE, OPEN):
        days = {**change.was, **change.now}
        said = _("Closed from %(from)s to %(until)s") if change.what == CLOSE else _("Open from %(from)s to %(until)s")
        first, last = (date_format(date.fromisoformat(days[name]), "j F Y") for name in ("starts_on", "ends_on"))
        return said % {"from": first, "until": last}
    rule = rule_of(change, program)
    if rule is None:
        return str(code_words(change.key))
    if change.what == LIMIT:
        told = {"what": code_words(rule.code), "was": change.was["value"], "now": change.now["value"]}
        return _("%(what)s: %(now)s instead of %(was)s") % told
    for name, value in change.now.items():
        setattr(rule, name, Decimal(value) if name == "hours_a_month" else value)
    what = " · ".join(filter(None, [str(rule.get_kind_display()).capitalize(), str(rule.get_party_display())]))
    return f"{what}: {promised(rule) if rule.is_on else _('not promised')}"


def page_of(change, program) -> str:
    """The page on which it is changed."""
    if change.what in (LIMIT, PROMISE):
        return reverse(f"portal:{change.what}", args=[program.slug, change.key])
    return reverse("outbox:quiet" if change.what == QUIET else "programs:calendar", args=[program.slug])


READ_BY_THE_CLOCK = {  # limits that decide what goes out to participants, and when
    "ask-hour", "remind-after", "hand-over-after-reminder", "hand-over-after-sending", "asks-in-30-days",
    "asks-in-30-days-mentor", "quiet-from", "quiet-until", "plan-ahead",
    "best-time-wait",
}  # fmt: skip
READ_BY_CARE = {
    "waiting-child",
    "waiting-child-again",
    "waited-told",
    "no-log-in-a-row",
    "silent",
    "silent-as-needed",
}  # that put calls onto desks


def sends(change: Change) -> bool:
    """Whether anything goes out, or comes onto a desk, because of this."""
    return change.what != LIMIT or change.key in READ_BY_THE_CLOCK | READ_BY_CARE


def is_read_by_care(change: Change, program) -> bool:
    """Whether it moves calls that findings make: those are played, too."""
    if change.what == PROMISE:
        rule = rule_of(change, program)
        return rule is not None and rule.kind != Promise.Kind.CHECK_IN
    return change.what in (CLOSE, OPEN) or change.key in READ_BY_CARE


def after(change, program) -> str:
    """Where one is led when it is kept."""
    is_of_days = change.what in (CLOSE, OPEN)
    return reverse("programs:calendar" if is_of_days else "programs:settings", args=[program.slug])
