"""A mentee who asked to be shown somebody else is not forgotten when the proposal is let go."""

from django.db.models import F
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.matches.models import Match
from rapport.matching.models import Party, Proposal
from rapport.matching.proposals.turns import with_matches
from rapport.onboarding.gatekeeping import day_words


def for_another(mentees, program, user, at):
    """{mentee: (day, sentence)} of the last time each asked, as far as this reader may read what they said."""
    read = Match.objects.visible_to(user, Right.ANSWER_VIEW, at).filter(program=program, state=Match.State.NOT_BEGUN)
    rows = Proposal.objects.filter(
        match__in=read, party=Party.MENTEE, state=Proposal.State.DECLINED, wants_another=True,
        match__members__participant__in=mentees, match__members__participant__person=F("person"),
    )  # fmt: skip
    found = {}
    for row in sorted(with_matches(rows), key=lambda row: (row.answered_at, row.pk)):
        who = ", ".join(one.person.first_name for one in row.match.mentors)
        words = _("Asked on %(day)s to be shown somebody else than %(who)s.")
        mentee = next(one for one in row.match.mentees if one.person_id == row.person_id)
        found[mentee.pk] = row.said_on, words % {"day": day_words(row.said_on), "who": who}
    return found
