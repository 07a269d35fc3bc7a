"""Every write about asking: planning, gathering, stepping, answers, and talks instead of forms."""

from rapport.checkins.actions.answering import answer, answer_ask
from rapport.checkins.actions.gathering import gather_asks
from rapport.checkins.actions.handing import hand_over_unreached
from rapport.checkins.actions.planning import lapse, plan_check_ins
from rapport.checkins.actions.remembering import OldTalk, remember
from rapport.checkins.actions.resting import ask_again, ask_to_talk, not_me, not_this_month, send_new_link
from rapport.checkins.actions.stepping import take_due_steps
from rapport.checkins.actions.talking import talked
from rapport.checkins.actions.withdrawing import look_anew, withdraw_from, withdraw_what_is_not_theirs

__all__ = [
    "OldTalk",
    "answer",
    "answer_ask",
    "ask_again",
    "ask_to_talk",
    "gather_asks",
    "hand_over_unreached",
    "lapse",
    "look_anew",
    "not_me",
    "not_this_month",
    "plan_check_ins",
    "remember",
    "send_new_link",
    "take_due_steps",
    "talked",
    "withdraw_from",
    "withdraw_what_is_not_theirs",
]
