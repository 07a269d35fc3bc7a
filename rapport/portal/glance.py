"""What stands beside each match of a list: its phase and for how long, its agreement, and when they meet next."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.core.months import day_in
from rapport.matches.agreement import signed_on
from rapport.matches.models import Agreement, Match
from rapport.matches.phases import phases_of
from rapport.meetings.models import Meeting


@dataclass(frozen=True)
class Glance:
    phase: str = ""
    days: str = ""
    agreement: str = ""
    agreed_on: date | None = None
    next_at: datetime | None = None


def glances(matches, at) -> dict[int, Glance]:
    """{match id: Glance} of one page, in four queries; of a match that is not open there is nothing to say."""
    rows = [match for match in matches if match.is_open]
    if not rows:
        return {}
    stays, signed = phases_of(rows, day_in(at, rows[0].program.zone)), signed_on(rows)
    out = Agreement.objects.filter(match__in=rows, state=Agreement.State.OUT)
    waiting, coming = set(out.values_list("match", flat=True)), next_of(rows, at)
    return {match.pk: glance(match, stays[match.pk], signed, waiting, coming) for match in rows}


def next_of(matches, at):
    """{match id: when they meet next}. Nobody is expected while they rest."""
    active = [match.pk for match in matches if match.state == Match.State.ACTIVE]
    rows = Meeting.objects.untouched().filter(match__in=active, starts_at__gt=at, joined_to=None).order_by()
    return dict(rows.values_list("match").annotate(first=Min("starts_at")))


def glance(match, stays, signed, waiting, coming):
    stay = next((one for one in stays if one.phase == match.phase), None)
    days = ngettext("%(n)d day", "%(n)d days", stay.days) % {"n": stay.days} if stay else ""
    agreement = _("to be signed") if match.pk in waiting else ""
    return Glance(match.get_phase_display(), days, agreement, signed.get(match.pk), coming.get(match.pk))
