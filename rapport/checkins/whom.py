"""Whom a match owes its check-ins: its own people, and those who are told about a child of it."""

from collections import defaultdict

from rapport.core.months import day_in
from rapport.people.models import Guardianship, Restriction
from rapport.programs.models import Party


class Circle:
    """Everybody around a batch of matches (`with_people`), in two queries; in one where no guardian is asked."""

    def __init__(self, matches, *, with_guardians=True):
        self.guardians = defaultdict(list)
        people = {m.participant.person_id for match in matches for m in match.members.all()}
        for row in told_about(people) if with_guardians else ():
            self.guardians[row.child_id].append(row)
        self.near = people | {row.adult_id for rows in self.guardians.values() for row in rows}
        rows = Restriction.objects.filter(subject__in=people)
        self.restrictions = list(rows.values_list("kept_away_id", "subject_id", "starts_on", "ends_on"))

    @property
    def is_torn(self):
        """Whether anybody of it was ever, or will be, kept away from another of it."""
        return any(away in self.near for away, _subject, _starts_on, _ends_on in self.restrictions)

    def is_protected(self, person_id):
        """Whether anybody at all was ever, or will be, kept away from this person of it."""
        return any(subject == person_id for _away, subject, _starts_on, _ends_on in self.restrictions)

    def asked(self, match, party, on):
        """The people of this party who are asked about this match on that day, each once."""
        if party == Party.MENTOR:
            people = [one.person for one in match.mentors]
        elif party == Party.MENTEE:
            people = [one.person for one in match.mentees]
        elif party == Party.GUARDIAN:
            rows = [row for one in members_of(match) for row in self.guardians[one.person_id]]
            people = [row.adult for row in rows if row.is_living(on)]
        else:
            people = []
        return {person.pk: person for person in people if not self.is_kept_away(person.pk, match, on)}

    def is_kept_away(self, person_id, match, on):
        """Whether this person is to be kept away from somebody of the match on that day."""
        members = {one.person_id for one in members_of(match)}
        return any(
            away == person_id and subject in members and starts_on <= on and (ends_on is None or ends_on > on)
            for away, subject, starts_on, ends_on in self.restrictions
        )

    def own_children(self, check_in, at):
        """The mentees a check-in is about; to a guardian, those they stand for now, be it a young mentor."""
        on = day_in(at, check_in.program.zone)
        if check_in.party != Party.GUARDIAN:
            return check_in.match.mentees
        return [
            child
            for child in members_of(check_in.match)
            if any(r.adult_id == check_in.person_id and r.is_living(on) for r in self.guardians[child.person_id])
        ]

    def still_asked(self, check_in, at):
        """Whether this check-in is still theirs to answer: a guardianship may have ended, a restriction begun."""
        return check_in.person_id in self.asked(check_in.match, check_in.party, day_in(at, check_in.program.zone))


def told_about(children):
    """Who is told about these children, as guardianships."""
    rows = Guardianship.objects.told().filter(child__in=children)
    return rows.select_related("adult", "child").order_by("pk")


def members_of(match):
    """Its participants, mentors first, from what `with_people` brought. A mentor may be a child, too."""
    return [*match.mentors, *match.mentees]


def is_young(person, on):
    """Whether a mentor is known to be a child. Without a birth date the question stays the one about the mentee."""
    return person.born_on is not None and not person.is_adult(on)
