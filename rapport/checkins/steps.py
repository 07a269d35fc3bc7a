"""What follows what when somebody is asked. The program's limits say how long each state waits."""

from dataclasses import dataclass

from rapport.checkins import since
from rapport.checkins.models import Ask

State = Ask.State


@dataclass(frozen=True)
class Step:
    """From a state to the next: what is sent or put on a desk, and which limit says how long the state waits."""

    to: str
    wait: str = ""
    message: str = ""
    task: str = ""


INVITATION, REMINDER, NEW_LINK = "checkins/invitation", "checkins/reminder", "checkins/new-link"
INVITATIONS = (INVITATION, *since.SIDE, since.WHERE_NOW)  # the first letter of an ask, by what it asks
TALK_INSTEAD = "checkins/talk-instead"

STEPS = {
    State.SCHEDULED: Step(to=State.SENT, message=INVITATION),
    State.SENT: Step(to=State.REMINDED, wait="remind-after", message=REMINDER),
    State.REMINDED: Step(to=State.HANDED_OVER, wait="hand-over-after-reminder", task=TALK_INSTEAD),
}
WITHOUT_REMINDER = {  # never a minor; and where the program does not remind
    **STEPS,
    State.SENT: Step(to=State.HANDED_OVER, wait="hand-over-after-sending", task=TALK_INSTEAD),
}


def step_of(ask, state, *, is_child):
    """The step that an ask in this state takes next, or None."""
    reminds = not is_child and STEPS[State.SENT].wait in ask.program.limits_by_code
    return (STEPS if reminds else WITHOUT_REMINDER).get(state)


def wait_of(step, program):
    """How long a state waits before this step; None: for ever, as this program has no such limit."""
    limit = program.limits_by_code.get(step.wait) if step else None
    return limit.measure if limit else None
