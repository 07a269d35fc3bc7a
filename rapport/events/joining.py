"""What becomes of seats, places in groups and presences of somebody whose two records are put together."""

from rapport.core.joining import folds, moves, stands_aside
from rapport.events.actions import (
    settle_absence,
    settle_invitation,
    settle_link,
    settle_pair,
    settle_place,
    settle_presence,
    settle_seat,
)

TABLE = {
    "events.seat.participant": folds("one seat each time: there under either record is there", settle_seat),
    "events.group.lead": moves("the groups they lead"),
    "events.groupmember.participant": folds(
        "one place in a group: in it under either record is in it", settle_place,
        same=lambda place: (place.group_id, place.left_at),
    ),
    "events.groupmember.said_by": moves("said by the kept person"),
    "events.invitation.participant": folds("asked once to each day: the later answer stands", settle_invitation),
    "events.invitation.said_by": moves("said by the kept person"),
    "events.eventpair.mentor": folds("one talk of one pair: the older one stays", settle_pair),
    "events.eventpair.mentee": folds("one talk of one pair: the older one stays", settle_pair),
    "events.presence.participant": folds("once at each session: there under either record is there", settle_presence),
    "events.presence.said_by": moves("marked by the kept person"),
    "events.absence.participant": folds(
        "asked once: the older one stays", settle_absence, same=lambda row: (row.group_id, row.ended_at)
    ),
    "events.namedlead.person": moves("the name by which they lead"),
    "events.leadlink.person": stands_aside("one link is open: that of the other record is shut", settle_link),
    "events.groupword.said_by": moves("said by the kept person"),
}  # fmt: skip
