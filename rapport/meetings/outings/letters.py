"""The letters of an outing: to each guardian the question, to the mentor what came of it. Neither names a child."""

from datetime import timedelta

from rapport.core.about import type_of
from rapport.matches.models import Member
from rapport.meetings.actions.doubting import doubt_outings
from rapport.meetings.actions.outings import ANSWER, ASK, NOT_PERMITTED, PERMITTED, answer_by
from rapport.meetings.models import Outing
from rapport.meetings.outings import looking
from rapport.meetings.outings.standing import standings
from rapport.outbox import kinds
from rapport.outbox.models import Message

PURPOSE = "outing"
LASTS = timedelta(days=60)  # the page itself says when it is over


def tell_outbox():
    paper = {"sheet": "meetings:outing-sheet", "write_down": "meetings:outing"}
    link = kinds.LinkPlan(PURPOSE, "outings:ask", LASTS, **paper, shows=looking.behind_the_link)
    common = {"purpose": "messages", "speaks_of": speaks_of, "words": words}
    kinds.kind(ASK, wanted=still_asked, link=link, **common)
    kinds.kind(ANSWER, wanted=still_so, **common)
    kinds.on_stranger(doubt_outings)


def standing_by_id(messages, at):
    outings = Outing.objects.filter(pk__in=messages.values("about_id")).select_related("program")
    return {one.outing.pk: one for one in standings(outings, at)}


def still_asked(messages, at):
    """Wanted while its reader may say it about this version and has not, and a yes still counts."""
    found, keep = standing_by_id(messages, at), []
    for message in messages:
        standing = found.get(message.about_id)
        if standing and is_open(standing, message, at) and at <= answer_by(standing.outing):
            mine = [one for one in standing.says if one.guardian.pk == message.to_id]
            if any(one.word is None for one in mine):
                keep.append(message.pk)
    return messages.filter(pk__in=keep)


def is_open(standing, message, at):
    outing = standing.outing
    is_this = message.facts["version"] == outing.version and not outing.called_off_at
    return is_this and standing.is_open and outing.starts_at > at


def still_so(messages, at):
    """Wanted while it is so. That silence is no is told once, and not to whom it was said already."""
    found = standing_by_id(messages, at)
    told = told_already(messages)
    keep = []
    for message in messages:
        standing, said = found.get(message.about_id), message.facts
        if standing is None or said["version"] != standing.outing.version:
            continue
        if said["is_silence"] and (standing.outing.called_off_at or (message.about_id, message.to_id) in told):
            continue
        if standing.is_permitted == (said["state"] == PERMITTED):
            keep.append(message.pk)
    return messages.filter(pk__in=keep)


def told_already(messages):
    """(outing, mentor) of those who were told that they do not go, with nothing else said since."""
    sent = Message.objects.filter(
        kind=ANSWER, about_type=type_of(Outing), about_id__in=messages.values("about_id"), state=Message.State.ACCEPTED
    )
    last = {(one.about_id, one.to_id): one.facts["state"] for one in sent.order_by("final_at", "pk")}
    return {key for key, state in last.items() if state == NOT_PERMITTED}


def speaks_of(messages):
    """Everybody else of the pair."""
    rows = list(messages.values_list("pk", "about_id", "to_id"))
    pairs = dict(Outing.objects.filter(pk__in={about for _pk, about, _to in rows}).values_list("pk", "match"))
    people: dict = {}
    for match, person in Member.objects.filter(match__in=pairs.values()).values_list("match", "participant__person"):
        people.setdefault(match, set()).add(person)
    return {pk: people.get(pairs.get(about), set()) - {to} for pk, about, to in rows}


def words(messages, at):
    outings = Outing.objects.filter(pk__in=messages.values("about_id")).select_related("program")
    found = {one.pk: one for one in outings}
    told = {}
    for message in messages:
        if one := found.get(message.about_id):
            zone = one.program.zone
            told[message.pk] = {
                "day": one.starts_at.astimezone(zone), "until": answer_by(one).astimezone(zone),
                "is_permitted": message.facts.get("state") == PERMITTED,
            }  # fmt: skip
    return told
