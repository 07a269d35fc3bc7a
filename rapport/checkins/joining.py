"""What becomes of asks, check-ins, answers and talks when two records are put together. Each keeps its level."""

from rapport.checkins.actions.joining import settle_answer, settle_ask, settle_check_in, settle_rest
from rapport.core.joining import folds, moves, stands_aside

TABLE = {
    "checkins.ask.person": stands_aside(
        "one waits at a time: the other is withdrawn, its cards and links join", settle_ask
    ),
    "checkins.rest.person": stands_aside("one runs at a time: the one that lasts longer", settle_rest),
    "checkins.checkin.person": folds("one about each thing; an answer or a talk before silence", settle_check_in),
    "checkins.answer.check_in": stands_aside(
        "every answer stays; the later one stands, a confirmed one first", settle_answer
    ),
    "checkins.conversation.person": moves("a talk with the kept person, at its level"),
}
