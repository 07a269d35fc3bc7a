"""Whom somebody means who writes a name, without showing them anybody they may not see."""

import unicodedata

from django.db.models import Q

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matches.models import Match, Member
from rapport.people.models import Guardianship, Participant, Person, Restriction
from rapport.programs.models import Membership
from rapport.safeguarding.ladder import CALLERS

MOST = 8  # people offered to choose from


def in_reach(name, user, program, at):
    """Participants the writer may see anyway, whose names hold every word of this; the first few."""
    found = Participant.objects.visible_to(user, Right.PARTICIPANT_VIEW, at).filter(program=program)
    for word in name.split()[:MOST]:
        found = found.filter(Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word))
    return list(found.select_related("person", "site").order_by("person__given_name", "pk")[:MOST])


def readers_called(name, program, at):
    """Those on the ladder whom this may name. One word in common is enough: better pass one over too many."""
    rights = (Right.CONCERN_LEAD, *CALLERS)
    held = Membership.objects.live(at).filter(program=program, role__grants__right__in=rights)
    users = User.objects.filter(pk__in=held.values("user"), person__isnull=False).select_related("person")
    said = words_of(name)
    return [user.person for user in users if said & words_of(f"{user.name} {user.person.full_name} {user.email}")]


def words_of(text):
    """Its words without case and accents."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return {word.strip(".,;:'’\"()") for word in plain.casefold().split()} - {""}


def only_match_of(participant):
    """The one open match of this participant, or None where there are none or several."""
    places = Member.objects.filter(participant=participant, match__state__in=Match.OPEN)
    matches = list(Match.objects.filter(pk__in=places.values("match"))[:2])
    return matches[0] if len(matches) == 1 else None


def people_near(concern, at):
    """Whom a concern may be about: those of its match and their guardians, who raised it, and who works here."""
    members = Member.objects.filter(match=concern.match_id).values("participant__person")
    guardians = Guardianship.objects.living(day_in(at, concern.program.zone)).filter(
        Q(child__in=members) | Q(child=concern.subject_id)
    )
    staff = Membership.objects.live(at).staff().filter(program=concern.program_id).values("user")
    near = Q(pk__in=members) | Q(pk__in=guardians.values("adult")) | Q(user__in=staff)
    near |= Q(pk__in=[pk for pk in (concern.subject_id, concern.raised_by_id) if pk])
    return Person.objects.filter(near).exclude(pk__in=concern.accused.values("pk")).order_by("given_name", "pk")


def may_be_named(concern, at):
    """Colleagues with a desk here who do not read this concern yet, are not part of it, and are kept away neither from
    whom it is about nor from who raised it."""
    desks = Membership.objects.live(at).filter(program=concern.program_id, role__grants__right=Right.TASK_DO)
    here = desks.filter(user__in=Membership.objects.live(at).staff().filter(program=concern.program_id).values("user"))
    leads = Membership.objects.live(at).filter(program=concern.program_id, role__grants__right=Right.CONCERN_LEAD)
    users = User.objects.filter(pk__in=here.values("user")).exclude(pk__in=leads.values("user"))
    users = users.exclude(pk__in=concern.named.values("pk")).exclude(person__in=concern.accused.values("pk"))
    away = Restriction.objects.live_at(at).filter(subject__in=[concern.subject_id, concern.raised_by_id])
    users = users.exclude(person__in=away.values("kept_away"))
    return users.order_by("name", "pk")
