"""Everything the clock does, in order. One line each; what follows what is decided by the rows, not here.

Each is a function `f(*, at, limit) -> int`: it does at most `limit` items in one transaction and says how many. The
clock calls it again until nothing is left, so a person who writes waits no longer than one batch.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db import IntegrityError

from rapport.access import actions as access
from rapport.audit import actions as audit
from rapport.care import actions as care
from rapport.checkins import actions as checkins
from rapport.events import actions as events
from rapport.imports import actions as imports
from rapport.matches import actions as matches
from rapport.matches.actions import coming_of_age, renewing, reviewing, signing_again
from rapport.matches.actions.wanting import call_about_goals
from rapport.matching.actions import expiring, questions
from rapport.meetings import actions as meetings
from rapport.people.actions.restricting import seal_papers
from rapport.portal import actions as portal
from rapport.safeguarding import actions as safeguarding


class Entry(NamedTuple):
    name: str
    do: Callable[..., int]


def seal_the_trail(*, at, limit):
    """Seal what was written since; the trail's order is its own, whatever the moment. Where another clock seals just
    now, it is left to that one."""
    try:
        return audit.seal_next(limit=limit)
    except (audit.AlreadySealed, IntegrityError):
        return 0


TIMETABLE = [
    Entry("concerns climb their ladder", safeguarding.climb),
    Entry("lost gates become calls", matches.call_about_lost_gates),
    Entry("restrictions become calls", matches.call_about_restrictions),
    Entry("checks to confirm stand on a desk", matches.call_about_checks),
    Entry("families are planned for by asking first", reviewing.call_to_ask_first),
    Entry("restrictions are looked at again", reviewing.call_about_reviews),
    Entry("what was agreed to until a day is asked for anew", renewing.call_to_ask_again),
    Entry("agreements are asked for, and called about", signing_again.ask_for_signatures),
    Entry("proposals nobody answered go back to a person", expiring.expire),
    Entry("turning 18 becomes calls", coming_of_age.call_about_turning_18),
    Entry("pairs without a goal of their own are talked about", call_about_goals),
    Entry("expected meetings are laid out", meetings.lay_out_meetings),
    Entry("pairs are asked about a break", meetings.ask_about_holidays),
    Entry("breaks without a plan become calls", meetings.call_about_holidays),
    Entry("pairs are welcomed back", meetings.welcome_back),
    Entry("what is not theirs is withdrawn", checkins.withdraw_what_is_not_theirs),
    Entry("work about those kept apart is passed on", care.part_work),
    Entry("those who cannot be reached are looked for", care.watch_who_is_reached),
    Entry("who reads an address is looked at again", care.call_about_who_reads),
    Entry("another interpreter is looked for", care.call_about_interpreters),
    Entry("circles that fell silent become calls", events.call_about_circles),
    Entry("team leads are asked how their groups get on", events.ask_leads),
    Entry("check-ins are planned", checkins.plan_check_ins),
    Entry("check-ins gather into asks", checkins.gather_asks),
    Entry("asks take their next step", checkins.take_due_steps),
    Entry("check-ins lapse", checkins.lapse),
    Entry("findings are refreshed", care.refresh_findings),
    Entry("time together is kept for figures", care.keep_time),
    Entry("files of lists are forgotten", imports.forget_files),
    Entry("looks ahead are forgotten", portal.forget_forecasts),
    Entry("questions to matching are forgotten", questions.forget_questions),
    Entry("what was typed and not sent is forgotten", access.forget_drafts),
    Entry("papers are sealed", seal_papers),
    Entry("the trail is sealed", seal_the_trail),
]
