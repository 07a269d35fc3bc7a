"""Two agreements of the story: one that all signed, and one that waits and says what its mentee wants."""

from rapport.core.refs import new_ref
from rapport.matches.actions import agreeing, signing
from rapport.matches.models import Match, SignAsk, SignedBy

TERMS = ("place", "channels", "hours", "notice_hours", "rules")


def agree(match, event, *, by, at):
    """Written by the coordinator, wished for by the mentee, sent out, and signed by whom the event names (or all)."""
    match = Match.objects.select_related("program", "coordinator").with_people().get(pk=match.pk)
    new = agreeing.draft(match, by=by, at=at)
    agreeing.write_terms(new, terms={name: event[name] for name in TERMS if name in event}, by=by, at=at)
    agreeing.ask_for_words(new, by=by, at=at)
    for ask in asks_of(new, SignedBy.MENTEE):
        wish = signing.propose(ask, section="rules", words=event["wish"], way="paper", form_id=new_ref(), by=by, at=at)
        if event["answer"]:
            signing.decide(wish, fate="taken", reply=event["answer"], by=by, at=at)
    agreeing.send_out(new, by=by, at=at)
    for ask in asks_of(new, *event["signed_by"]):
        read_with = event["read_with"] if ask.party == SignedBy.MENTEE else ""
        word = signing.Word(True, "paper", "en", read_with=read_with, kept_at=event["folder"], form_id=new_ref())
        signing.sign(ask, word, by=by, at=at)
    if event["answer"]:
        signing.sign_for_program(new, language="en", by=by, at=at)


def asks_of(agreement, *parties):
    return signing.with_match(SignAsk.objects.filter(agreement=agreement.pk, party__in=parties).order_by("pk"))
