"""Each party's own word on how it goes, apart, on one axis of months: only for those who may read answers."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from rapport.care.questions import TALKED_ABOUT
from rapport.checkins.models import Answer, CheckIn
from rapport.core.months import add_months, day_in
from rapport.people.models import Participant, kept_from
from rapport.people.questions import MayShare, may_share, may_share_as_guardians
from rapport.programs.doors import too_close_to
from rapport.programs.models import Party

MONTHS = 9


@dataclass(frozen=True)
class Cell:
    """What one person said in one month: a number, a talk, no answer, or nothing to show."""

    kind: str = "none"
    feeling: int | None = None
    words: str = ""


@dataclass
class Voice:
    name: str
    party: str
    cells: list
    share: MayShare | None  # None: not for this reader
    as_guardian: bool


def voices(match, user, at):
    """(first days of the months, one Voice per person), from two queries and six on how far their word may go."""
    axis, found = months_of(match, day_in(at, match.program.zone)), {}
    for row in check_ins_of(match, user, at):
        month = day_in(row.due_at, match.program.zone).replace(day=1)
        voice = found.setdefault((row.person_id, row.party), (row, {}))
        if month in axis:
            voice[1][month] = cell(row)
    shares = shares_of([row for row, _cells in found.values()], match, user, at)
    said = [
        Voice(
            row.person.first_name, row.get_party_display(), [cells.get(month, nothing()) for month in axis],
            shares.get((row.person_id, row.party)), row.party == Party.GUARDIAN,
        )
        for row, cells in found.values()
    ]  # fmt: skip
    return axis, said


def months_of(match, today):
    """The first days of the last months of the match."""
    first = max(add_months(today.replace(day=1), 1 - MONTHS), (match.begun_on or today).replace(day=1))
    axis = [first]
    while (following := add_months(axis[-1], 1)) <= today:
        axis.append(following)
    return axis


def check_ins_of(match, user, at):
    """What everybody was asked, of whom this reader is not kept away, with the answers that stand."""
    answers = Answer.objects.filter(replaced_at=None, level__lte=TALKED_ABOUT)
    rows = CheckIn.objects.filter(match=match, due_at__lte=at, excused_at=None).exclude(person__in=kept_from(user, at))
    rows = rows.select_related("person").prefetch_related(Prefetch("answers", answers, to_attr="standing_answers"))
    return rows.order_by("due_at", "pk")


def shares_of(rows, match, user, at) -> dict:
    """{(person id, party): how far their word may go}: a guardian's own choice is apart from what they say as a mentor.

    Nothing for a reader who is, or was, in a match with one of these: nobody learns what their partner allowed.
    """
    if Participant.objects.filter(too_close_to("word", user), places__match=match).exists():
        return {}
    standing = [row.person for row in rows if row.party == Party.GUARDIAN]
    others = [row.person for row in rows if row.party != Party.GUARDIAN]
    own = may_share_as_guardians(standing, program=match.program, at=at)
    part = may_share(others, program=match.program, at=at)
    return {(row.person_id, row.party): (own if row.party == Party.GUARDIAN else part)[row.person_id] for row in rows}


def nothing():
    return Cell(words=_("nothing to show"))


def cell(check_in):
    if check_in.standing_answers:
        feeling = check_in.standing_answers[0].feeling
        if feeling is None:
            return Cell("dunno", None, _("does not know"))
        return Cell("said", feeling, _("%(n)d of 5") % {"n": feeling})
    if check_in.state == CheckIn.State.TALKED:
        return Cell("talk", None, _("talked instead"))
    if check_in.state in (CheckIn.State.OPEN, CheckIn.State.LAPSED):
        return Cell("unknown", None, _("asked, no answer"))
    return nothing()
