"""The page behind the letter about an event day, shown to staff: nothing on it works."""

from django.conf import settings

from rapport.access.rights import Right
from rapport.core.languages import known
from rapport.core.months import day_in
from rapport.events.models import EventDay, Invitation
from rapport.events.readers import families_of
from rapport.outbox.looking import seen
from rapport.people.models import Participant


def families(invitation, at):
    """The adults who are told about the one asked, where that is a child."""
    one = invitation.participant.person
    return families_of([one], invitation.day.program, at).get(one.pk, [])


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may not know of it, or it is over."""
    mine = Participant.objects.filter(program=message.program).visible_to(request.user, Right.PARTICIPANT_VIEW, at)
    days = EventDay.objects.ahead(at).visible_to(request.user, Right.MEETING_EDIT, at)
    found = Invitation.objects.filter(pk=message.about_id, participant__in=mine.values("pk"), day__in=days.values("pk"))
    one = found.select_related("day__program", "day__site", "participant__person").first()
    if one is None:
        return None
    person = message.to
    language = person.language if known(person.language) else settings.LANGUAGE_CODE

    def tell():
        more = {"person": person, "program": one.day.program, "language": language, "languages": ()}
        return shown_to(one, person, at) | more

    return seen(request, "events/days/public.html", tell, look=look, language=language)


def shown_to(invitation, person, at):
    """What the page of an invitation shows to this person: of whom it is, and who says yes."""
    one = invitation.participant.person
    return {
        "invitation": invitation, "day": invitation.day, "child": None if one == person else one,
        "family_says": one == person and is_child(invitation, at),
    }  # fmt: skip


def is_child(invitation, at):
    program = invitation.day.program
    return invitation.participant.person.counts_as_child(program, day_in(at, program.zone))
