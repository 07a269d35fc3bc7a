"""The single things that happen in a story, beside the weeks that go by: one for each `do` in its events."""

from datetime import datetime, timedelta

from rapport.demo import script
from rapport.matches import actions as matches
from rapport.matches.models import Point
from rapport.safeguarding import actions as safeguarding


def pause(telling, event) -> None:
    """A pair rests for a while."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        on = at.astimezone(telling.program.zone).date()
        matches.pause(
            match, reason=event["reason"], starts_on=on, back_on=telling.story.day(event["back"]),
            by=telling.staff[pair.coordinator], at=at,
        )  # fmt: skip

    telling.plan(telling.story.moment(event["when"]), do)


def close(telling, event) -> None:
    """A pair that met in the story's weeks says goodbye."""
    pair = script.pair(telling.story, cells(event))
    telling.play(pair)

    def do(*, at: datetime) -> None:
        match, by = telling.match_of(pair), telling.staff[pair.coordinator]
        points = list(match.points.untouched().required_for(Point.Moment.CLOSE))
        matches.tick(points, words="Talked with each of them, apart.", by=by, at=at)
        on = at.astimezone(telling.program.zone).date()
        matches.close(match, reason=event["reason"], note=event["note"], ended_on=on, by=by, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def propose(telling, event) -> None:
    """Two people are proposed to each other, and it has not begun."""
    pair = script.pair(telling.story, cells(event), event.get("missing", ""))
    at, by = telling.story.moment(event["when"]), telling.staff[pair.coordinator]
    telling.plan(at - timedelta(days=14), telling.come, pair, by)
    telling.plan(at - timedelta(days=7), telling.bring_papers, pair, by)
    telling.plan(at, telling.propose, pair, by)


def set_aside(telling, event) -> None:
    """A proposal that does not begin."""
    propose(telling, event)

    def do(*, at: datetime) -> None:
        mentor = cells(event)[0]
        match, pair = telling.pair_of(mentor)
        matches.set_aside(match, words=event["words"], by=telling.staff[pair.coordinator], at=at)

    telling.plan(telling.story.moment(event["when"]) + timedelta(days=5), do)


def hold(telling, event) -> None:
    """Somebody tells of a worry about a pair; the lead reads it and holds all contact. To everybody else it rests."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        child = telling.people.participants["mentee", pair.mentees[0].name].person
        lead = telling.program.duty.lead
        concern = safeguarding.raise_concern(
            program=telling.program, words=event["words"], cause_key=f"told:{match.ref}", subject=child, match=match,
            raised_by_label=event["told_by"], by=lead, at=at,
        )  # fmt: skip
        safeguarding.acknowledge(concern, by=lead, at=at + timedelta(minutes=20))
        safeguarding.hold_contact(concern, by=lead, at=at + timedelta(minutes=25))
        concern.refresh_from_db()
        safeguarding.note(concern, words=event["note"], by=lead, at=at + timedelta(minutes=40))

    telling.plan(telling.story.moment(event["when"]), do)


def cells(event) -> list[str]:
    return [cell.strip() for cell in event["pair"].split("|")]


HAPPENINGS = {"pause": pause, "close": close, "propose": propose, "set-aside": set_aside, "hold": hold}
