"""Why two people are not with each other in a round, in sentences. Nothing tells a reason to keep two apart."""

from django.utils.translation import gettext as _

from rapport.matching import gathering, judging, reading
from rapport.matching.models import Draft


def why(kept, mentee, mentor, user, at):
    """{mentee, mentor, sentences, judged, parts} of two people of a program (with person and site)."""
    pairs = Draft.objects.visible_to(user, at=at).filter(round=kept).select_related(*reading.BOTH).order_by("pk")
    now, theirs = pairs.filter(mentee=mentee).first(), list(pairs.filter(mentor=mentor))
    judged = judging.judged(kept, mentee, mentor)
    parts = reading.parts_in_words(judged.parts, kept.criteria, mentee, mentor)
    said = list(sentences(kept, mentee, mentor, now, theirs, judged, at))
    return {"mentee": mentee, "mentor": mentor, "sentences": said, "judged": judged, "parts": parts}


def sentences(kept, mentee, mentor, now, theirs, judged, at):
    names = {"mentee": mentee.person.first_name, "mentor": mentor.person.first_name}
    if now and now.mentor_id == mentor.pk:
        yield _("They are with each other in this draft.")
        return
    if kept.is_draft and gathering.these_two(kept.program, mentee, mentor, at) is None:
        yield _("These two may not be paired now.")
        return
    if judged.labels_broken:
        rules = "”, “".join(judged.labels_broken)
        yield _("They do not fit the rule “%(rules)s”. By hand they can be paired all the same.") % {"rules": rules}
    yield from plainly(names, now, theirs, judged)
    if (now or theirs) and kept.is_proven:
        yield _("The plan as a whole serves most people, and suits them best, as it is.")


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
