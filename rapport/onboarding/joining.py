"""What becomes of gates and of asking for permission when two records are put together."""

from rapport.core.joining import folds, moves, stands_aside
from rapport.onboarding.actions.interviewing import settle_interview
from rapport.onboarding.actions.joining import settle_decision, settle_gate, settle_leaving

TABLE = {
    "onboarding.gate.participant": folds(
        "one of each kind: not met before met, and the day that comes first", settle_gate
    ),
    "onboarding.gate.given_by": moves("said by the kept person"),
    "onboarding.consentask.participant": moves("asked about the kept record"),
    "onboarding.consentask.person": moves("asked of the kept person; its letter and its sheet go on"),
    "onboarding.decision.participant": stands_aside(
        "every decision stays; the stricter of both last ones counts, and is written anew where it came first",
        settle_decision,
        same=lambda row: row.program_id,
    ),
    "onboarding.interview.participant": stands_aside(
        "every interview stays; the one that was held last counts", settle_interview
    ),
    "onboarding.leaving.participant": stands_aside("one at a time: the later day counts", settle_leaving),
}
