"""Every write about meetings: plans, what the clock lays out, and what each party says."""

from rapport.meetings.actions.feeds import make_feed, stop_feed
from rapport.meetings.actions.laying import lay_out_meetings
from rapport.meetings.actions.planning import add_meeting, excuse, make_plan
from rapport.meetings.actions.remembering import remember
from rapport.meetings.actions.saying import log

__all__ = ["add_meeting", "excuse", "lay_out_meetings", "log", "make_feed", "make_plan", "remember", "stop_feed"]
