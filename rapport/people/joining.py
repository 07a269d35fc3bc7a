"""When two records are one human being: what becomes of what is known of them here, and what keeps two apart.

Nothing here is decided by itself: `actions.put_together` asks it once somebody has said that they are one.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.joining import OBJECTIONS, folds, moves
from rapport.people.actions.conflicts import settle_conflicts
from rapport.people.actions.settling import nothing_more, settle_guardianship, settle_participant, settle_way
from rapport.people.models import Conflict, Guardianship, Participant, Restriction
from rapport.people.scopes import close_to
from rapport.programs.models import Membership, Program

TABLE = {
    "people.externalid.person": moves("what other systems call either of them leads to the kept person"),
    "people.contactpoint.person": folds(
        "each way to reach them once; private or shared is worked out again", settle_way,
        same=lambda way: (way.kind, way.value.casefold()),
    ),
    "people.guardianship.adult": folds("one for each child, with the stricter rights and ends", settle_guardianship),
    "people.guardianship.child": folds("one for each adult, with the stricter rights and ends", settle_guardianship),
    "people.participant.person": folds("one in each program on each side; both addresses lead on", settle_participant),
    "people.consent.person": moves("every word stays; of a yes and a no, the no holds until they say anew"),
    "people.consent.given_by": moves("every word stays; of a yes and a no, the no holds until they say anew"),
    "people.setaside.decides": moves("it is said of the kept person; every word stays"),
    "people.restriction.kept_away": moves("each of them holds for the kept person"),
    "people.restriction.subject": moves("each of them protects the kept person"),
    "people.conflict.person": folds("each conflict once; what nobody took back holds", settle_conflicts),
    "people.conflict.other": folds("each conflict once; what nobody took back holds", settle_conflicts),
    "people.toldchild.parent": folds("each child that either record tells of; the same words are one", nothing_more),
    "people.likeness.first": moves("whom they look like; told apart from one is told apart from both"),
    "people.likeness.second": moves("whom they look like; told apart from one is told apart from both"),
    "people.formername.person": moves("what they were called before leads to the kept person"),
    "people.consent.about": moves("said to the same question, which stays"),
    "people.oldref.about": moves("old addresses lead to the kept record"),
}  # fmt: skip
RIGHTS = (Right.PARTICIPANT_EDIT, Right.CONTACT_VIEW)

BEYOND = _("Not all that belongs to these two is yours to open, so somebody else has to look first. Ask your manager.")
ELSEWHERE = _("They belong to two organizations.")
TWO_SIGN_INS = _("Both sign in. End one sign-in first.")
STAFF_AND_CHILD = _("One of them works here, and the other is a young person.")
FAMILY = _("One of them stands for the other.")
IN_CONFLICT = _(
    "It is written down that one leads, assesses or teaches the other. If they are one, take that back first."
)
AGES = _(
    "One of them counts as grown up, the other as a young person. If they are one, put the birth date right first, on"
    " their page."
)


def objections(one, other, *, by, at):
    """Why these two cannot be put together by this user: sentences, each once.

    What may not be told is said in the words for what lies in another program, and then nothing else is said.
    """
    said = [sentence for f in OBJECTIONS for sentence in f(one, other, at)]
    if None in said or not reaches(by, one, at) or not reaches(by, other, at):
        return [BEYOND]
    return list(dict.fromkeys(said))


def reaches(user, person, at):
    """Whether this user may change all that this person is, in every program they are in: as participant, as somebody
    who stands for a child, at work. Nobody their own record, nor that of their own child."""
    children = Guardianship.objects.filter(adult=person).values("child")
    mine = set(Participant.objects.filter(Q(person=person) | Q(person__in=children)).values_list("pk", flat=True))
    near = close_to(user)
    for right in RIGHTS:
        seen = Participant.objects.visible_to(user, right, at).exclude(person__in=near)
        if mine - set(seen.filter(pk__in=mine).values_list("pk", flat=True)):
            return False
    work = Membership.objects.live(at).filter(user__person=person).values("program")
    held = Program.objects.visible_to(user, Right.PARTICIPANT_EDIT, at).values("pk")
    return person.user_id != user.pk and not Program.objects.filter(pk__in=work).exclude(pk__in=held).exists()


def what_people_object(one, other, at):
    """What is known here that keeps two apart. None: something that may not be told."""
    if one.organization_id != other.organization_id:
        yield ELSEWHERE
    if one.user_id and other.user_id:
        yield TWO_SIGN_INS
    between = Q(adult=one, child=other) | Q(adult=other, child=one)
    if Guardianship.objects.filter(between).exists():
        yield FAMILY
    ages = {age_of(one, at), age_of(other, at)}
    if ages == {"adult", "child"} or (ages == {"", "child"} and is_mentor_of_no_age(one, other)):
        yield AGES
    if "child" in ages and (works(one, at) or works(other, at)):
        yield STAFF_AND_CHILD
    between = Q(person=one, other=other) | Q(person=other, other=one)
    if Conflict.objects.filter(between, taken_back_at=None).exists():
        yield IN_CONFLICT
    if Restriction.objects.filter(Q(kept_away=one, subject=other) | Q(kept_away=other, subject=one)).exists():
        yield None


def age_of(person, at):
    """Adult, child, or unknown. By birth date; without one, who stands for a child or works here is grown up, and a
    mentee is a child where children are admitted. By the day in UTC: both may be of several programs, and it is one
    day for both."""
    if person.born_on:
        return "adult" if person.is_adult(at.date()) else "child"
    if person.children.exists() or works(person, at):
        return "adult"
    mentee = Participant.objects.mentees().filter(person=person).select_related("program")
    return "child" if any(not one.program.adults_only for one in mentee) else ""


def is_mentor_of_no_age(*people):
    """Whether one of them mentors and their birth date is missing: whoever signs in as one reads a mentor's pages."""
    return Participant.objects.mentors().filter(person__in=people, person__born_on=None).exists()


def works(person, at):
    return Membership.objects.live(at).staff().filter(user__person=person).exists()
