"""Why two people are not with each other in a round, in sentences. Nothing tells a reason to keep two apart."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.models import Draft
from rapport.matching.rounds import again, judging, reading
from rapport.people.models import Participant


def why(kept, mentee, mentor, user, at):
    """{mentee, mentor, sentences, judged, parts, may_be} of two people of a program (with person and site)."""
    pairs = Draft.objects.visible_to(user, at=at).filter(round=kept).select_related(*reading.BOTH).order_by("pk")
    now, theirs = pairs.filter(mentee=mentee).first(), list(pairs.filter(mentor=mentor))
    judged = judging.judged(kept, mentee, mentor)
    parts = reading.parts_in_words(judged.parts, kept.criteria, mentee, mentor)
    if kept.is_draft and gathering.these_two(kept.program, mentee, mentor, at) is None:
        said, may_be = [_("These two may not be paired now.")], False
    else:
        said, may_be = list(sentences(kept, mentee, mentor, now, theirs, judged, user, at)), kept.is_draft
    found = {"mentee": mentee, "mentor": mentor, "sentences": said, "judged": judged, "parts": parts}
    return found | {"may_be": may_be and not (now and now.mentor_id == mentor.pk)}


def sentences(kept, mentee, mentor, now, theirs, judged, user, at):
    names = {"mentee": mentee.person.first_name, "mentor": mentor.person.first_name}
    if now and now.mentor_id == mentor.pk:
        yield _("They are with each other in this draft.")
        return
    if judged.labels_broken:
        rules = "”, “".join(judged.labels_broken)
        yield _("They do not fit the rule “%(rules)s”. By hand they can be paired all the same.") % {"rules": rules}
    yield from plainly(names, now, theirs, judged)
    if not judged.labels_broken and (problem := again.problem_of(kept, at)):
        asked = {"mentee_key": str(mentee.pk), "mentor_key": str(mentor.pk), "answer": again.answer_of(kept)}
        yield from against_the_rest(ask_engine(problem, question="why-not", **asked), user, at)


def plainly(names, now, theirs, judged):
    """Whom each of them is with, and what they would get with each other."""
    if now:
        more = judged.score - now.score
        said = {**names, "other": now.mentor.person.first_name, "points": abs(more)}
        if more > 0:
            yield _("%(mentor)s would be %(points)d points better for %(mentee)s than %(other)s.") % said
        elif more < 0:
            yield _("%(other)s is %(points)d points better for %(mentee)s than %(mentor)s.") % said
        else:
            yield _("%(other)s is as good for %(mentee)s as %(mentor)s.") % said
    for draft in theirs:
        said = {**names, "other": draft.mentee.person.first_name, "score": draft.score, "own": judged.score}
        yield (
            _("%(mentor)s is with %(other)s here: together %(score)d points, and with %(mentee)s it would be %(own)d.")
            % said
        )


def against_the_rest(found, user, at):
    """What it would cost the others, as the engine worked the round out again with these two in it.

    Who would lose or move is told by name where the reader sees all of them; else not at all.
    """
    if found["needed_by"] is None:
        return
    keys = {key for key in [*found["loses"], *found["gains"], *(key for move in found["path"] for key in move)] if key}
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at).filter(pk__in=map(int, keys))
    names = {str(one.pk): one.person.first_name for one in seen.select_related("person")}
    if len(names) < len(keys):
        yield _("Others would lose by it.")
        return
    if found["needed_by"] > 0:
        words = ngettext(
            "The others would lose %(n)d point together.", "The others would lose %(n)d points together.",
            found["needed_by"],
        )  # fmt: skip
        yield words % {"n": found["needed_by"]}
    else:
        yield _("By points alone it could be so; the choices of this round went before, or it was a draw.")
    yield from who_moves(found, names)


def who_moves(found, names):
    """Who would have nobody, who somebody instead, and who would go where."""
    for key in found["loses"]:
        yield _("%(who)s would have nobody.") % {"who": names[key]}
    for key in found["gains"]:
        yield _("%(who)s would have a mentor instead.") % {"who": names[key]}
    for mentee, start, end in found["path"]:
        if start and end:
            said = {"who": names[mentee], "start": names[start], "end": names[end]}
            yield _("%(who)s would go from %(start)s to %(end)s.") % said
