"""What becomes of seats of somebody whose two records are put together."""

from rapport.core.joining import folds
from rapport.events.actions import settle_seat

TABLE = {"events.seat.participant": folds("one seat each time: there under either record is there", settle_seat)}
