"""What becomes of meetings and logs of somebody whose two records are put together."""

from rapport.core.joining import moves, stands_aside
from rapport.meetings.actions.feeds import settle_feed

TABLE = {
    "meetings.meeting.said_by": moves("said by the kept person"),
    "meetings.log.person": moves("their view, at its level; one of each meeting, for both are in no match together"),
    "meetings.attempt.person": moves("it was the kept person who tried"),
    "meetings.mark.said_by": moves("what they wrote on a day sheet"),
    "meetings.daykeeper.person": moves("the days on which they keep a site's sheet"),
    "meetings.rearrangement.person": moves("it was the kept person's wish"),
    "meetings.agendaitem.said_by": moves("said by the kept person"),
    "meetings.agendaitem.done_by": moves("done by the kept person"),
    "meetings.holidayplan.said_by": moves("said by the kept person"),
    "meetings.remembered.person": moves("what the kept person remembers of how often they met"),
    "meetings.freetime.participant": moves("hours of both records are free times of the kept one"),
    "meetings.feed.person": stands_aside(
        "one calendar address for each person: the kept person's own stays", settle_feed,
        same=lambda feed: (feed.program_id, feed.ended_at),
    ),
    "meetings.outing.asked_by": moves("asked for by the kept person"),
    "meetings.outingword.child": moves("said about the kept person"),
    "meetings.outingword.said_by": moves("every word stays; of a yes and a no, the no holds until they say anew"),
}  # fmt: skip
