"""Every write about meetings: plans, what the clock lays out, what each party says, and what a day sheet says."""

from rapport.meetings.actions.agenda import add_to_agenda, agenda_done
from rapport.meetings.actions.closing import close_today, open_after_all
from rapport.meetings.actions.feeds import make_feed, stop_feed
from rapport.meetings.actions.free import say_free_times
from rapport.meetings.actions.holidays import (
    agree_holiday,
    ask_about_holidays,
    call_about_holidays,
    say_holiday,
    welcome_back,
)
from rapport.meetings.actions.keeping import end_keeper, name_keeper, somebody
from rapport.meetings.actions.laying import lay_out_meetings
from rapport.meetings.actions.marking import Tap, mark
from rapport.meetings.actions.places import agree_to_place
from rapport.meetings.actions.planning import add_meeting, excuse, make_plan
from rapport.meetings.actions.rearranging import call_off, move_meeting, on_again
from rapport.meetings.actions.remembering import remember
from rapport.meetings.actions.saying import log
from rapport.meetings.actions.telling_when import tell_when

__all__ = [
    "Tap",
    "add_meeting",
    "add_to_agenda",
    "agenda_done",
    "agree_holiday",
    "agree_to_place",
    "ask_about_holidays",
    "call_about_holidays",
    "call_off",
    "close_today",
    "end_keeper",
    "excuse",
    "lay_out_meetings",
    "log",
    "make_feed",
    "make_plan",
    "mark",
    "move_meeting",
    "name_keeper",
    "on_again",
    "open_after_all",
    "remember",
    "say_free_times",
    "say_holiday",
    "somebody",
    "stop_feed",
    "tell_when",
    "welcome_back",
]
