"""Who could be asked next about a mentee, after a no or no answer: the best of those who are free. A person chooses."""

from django.db.models import Count

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matches.models import Match
from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.criteria import known
from rapport.matching.models import Party, Proposal
from rapport.people.models import Participant

SHOWN = 20
ASKED = 60  # of whom the reader may see those that are shown


def who_next(match, user, at):
    """[(mentor, points, how often they said no)], the best first: free, ready, never matched or kept apart, and in this
    reader's sight.

    Raises calling.NoAnswer.
    """
    theirs = gathering.with_details(Participant.objects.filter(pk__in=[m.pk for m in match.mentees]))
    [mentee, *others] = list(gathering.with_since(theirs, match.program))
    everybody = gathering.gather(match.program, at)
    everybody.mentees.append(mentee)
    everybody.apart |= gathering.apart([mentee, *others], everybody.mentors, match.program, at)
    known.give([mentee], everybody.criteria, day_in(at, match.program.zone))
    asked = {"question": "best", "mentees": [str(mentee.pk)], "most": ASKED}
    found = ask_engine(everybody.problem(), **asked).get(str(mentee.pk), [])
    points = {int(key): score for key, score in found}
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at).filter(pk__in=points)
    seen = {one.pk: one for one in seen.select_related("person", "site", "program")}
    barred = {mentor for _mentee, mentor in gathering.apart(others, list(seen.values()), match.program, at)}
    rows = [(seen[pk], score) for pk, score in points.items() if pk in seen and pk not in barred][:SHOWN]
    said_no = noes_of([mentor.person_id for mentor, _score in rows], match.program, user, at)
    return [(mentor, score, said_no.get(mentor.person_id)) for mentor, score in rows]


def noes_of(people, program, user, at):
    """{person: to how many young people they said no after reading about them}, of more than one, as far as this reader
    may read answers: nobody is to look through children one by one. Nothing in a program of grown-ups."""
    if program.adults_only:
        return {}
    read = Match.objects.visible_to(user, Right.ANSWER_VIEW, at).filter(program=program).values("pk")
    noes = Proposal.objects.filter(match__in=read, party=Party.MENTOR, state=Proposal.State.DECLINED, person__in=people)
    counted = noes.values("person").annotate(n=Count("match", distinct=True)).filter(n__gt=1).order_by()
    return dict(counted.values_list("person", "n"))
