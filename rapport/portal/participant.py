"""One person who takes part, on one page: how they are reached, who stands for them, what they have, where they are."""

from datetime import date, time

from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.audit.actions import record_read
from rapport.audit.models import Event
from rapport.care.questions import TALKED_ABOUT
from rapport.care.reaching import plans_shown
from rapport.checkins.models import Conversation
from rapport.core.months import day_in, moment
from rapport.events.attendance import attendance_of
from rapport.onboarding.consenting import words_about
from rapport.onboarding.gatekeeping import Gatebook
from rapport.onboarding.interviews.reading import readable
from rapport.people.actions.telling import tells_of_children
from rapport.people.models import (
    Consent,
    ContactPoint,
    Guardianship,
    Participant,
    Person,
    Restriction,
    grown_on,
    kept_from,
)
from rapport.people.questions import may_share
from rapport.portal.circle import what_else_they_are
from rapport.portal.reach import describe
from rapport.portal.reading import matches_of, participants_of
from rapport.portal.seen import seen_by
from rapport.programs.doors import staff_page, too_close_to

TALKS = 20
SEALED = 4
ASKED = (
    Right.CONTACT_VIEW, Right.PARTICIPANT_EDIT, Right.CLEARANCE_EDIT, Right.ANSWER_VIEW, Right.TALK, Right.MATCH_EDIT,
    Right.MEETING_EDIT, Right.MATCHING_RUN,
)  # fmt: skip


@staff_page(Right.PARTICIPANT_VIEW)
def participant(request, program, ref):
    at = timezone.now()
    seen = participants_of(request.user, program, at).select_related("person", "program", "site")
    one = get_object_or_404(seen, ref=ref)
    on = day_in(at, program.zone)
    may = what_they_may(request, one, at)
    context = {
        "one": one,
        "person": one.person,
        "may": may,
        "at": at,
        "is_child": one.person.counts_as_child(program, on),
        "guardians": guardians_of(one, request.user, at) if may["contact_view"] or may["participant_edit"] else [],
        "asked": Gatebook([one]).asked(one, on, with_minor=not program.adults_only),
        **words_of(one, request.user, may, program, at),
        "matches": places_of(request, one, at),
        "talks": talks_of(one, request.user, at) if may["answer_view"] else [],
        **standing_here(one, may),
        **restrictions_of(request, one, on, may, at),
        **birth_date_of(one, request.user, at, may),
    }
    context |= children_of(one, may)
    if one.side == Participant.Side.MENTEE and may["meeting_edit"]:
        context["attendance"] = attendance_of(one, [match.pk for match in context["matches"]], at)
    context["also"] = what_else_they_are([row.adult for row, _how in context["guardians"]], program, at)
    context["points"] = points_of(one, context["guardians"]) if may["contact_view"] else {}
    context["own_points"] = context["points"].get(one.person_id, [])
    if may["contact_view"]:
        near = [one.person, *(row.adult for row, standing in context["guardians"] if standing == "living")]
        context["unreached"] = list(plans_shown(near, program, at, user=request.user).values())
        describe([point for points in context["points"].values() for point in points], request.user, program, at)
    return render(request, "portal/participant.html", context)


def what_they_may(request, one, at):
    """What this reader may see and do of this very person, by the short name of the right."""
    may = {right.name.lower(): False for right in ASKED}
    for right in ASKED:
        if request.has_right(right):
            reached = participants_of(request.user, one.program, at, right)
            may[right.name.lower()] = reached.filter(pk=one.pk).exists()
    may["staff_view"] = request.has_right(Right.STAFF_VIEW)
    may["restriction_edit"] = request.has_right(Right.RESTRICTION_EDIT)
    may["interview"] = readable(request.user, one.program, one.side, at).filter(pk=one.pk).exists()
    may["say_gates"] = may["clearance_edit"] or may["participant_edit"]
    return may


def guardians_of(one, user, at):
    """(guardianship, how it stands): those of the past stay, and say why they ended. Without those from whom this
    reader is kept away."""
    on = day_in(at, one.program.zone)
    rows = Guardianship.objects.filter(child=one.person).exclude(adult__in=kept_from(user, at))
    rows = rows.select_related("adult", "child").order_by("pk")
    return [(row, standing_of(row, on)) for row in rows]


def standing_of(row, on):
    if row.is_living(on):
        return "living"
    return "ended-at-18" if row.ended_at_18(on) else "ended"


def children_of(one, may):
    """The children a parent who is mentored tells of, for those who may change what is known of them."""
    if not may["participant_edit"] or one.side != Participant.Side.MENTEE:
        return {}
    told = list(one.told_children.order_by("first_name", "pk"))
    return {"tells_of_children": bool(told) or tells_of_children(one), "told_children": told}


def points_of(one, guardians):
    """Ways to reach the person and their living guardians, by person."""
    people = [one.person_id, *(row.adult_id for row, standing in guardians if standing == "living")]
    found = {}
    for point in ContactPoint.objects.filter(person__in=people).order_by("rank", "kind", "pk"):
        found.setdefault(point.person_id, []).append(point)
    return found


def consents_of(one, at):
    """The last word of each giver on each purpose."""
    words = list(words_about(one).last_to_read(at).select_related("given_by").order_by("purpose", "-given_at"))
    for word in words:
        word.program, word.is_over = one.program, word.ran_out(at)
    return words


def words_of(one, user, may, program, at):
    """What they agreed to, for who is in no match with them. How far their own word may go is for who reads answers."""
    if Participant.objects.filter(too_close_to("word", user), pk=one.pk).exists():
        return {"consents": None}
    away = set(kept_from(user, at))
    consents = [word for word in consents_of(one, at) if word.given_by_id not in away]
    if not may["answer_view"] or not participants_are_all_reached(user, one, at):
        return {"consents": [word for word in consents if word.purpose != Consent.Purpose.TELL_PARTNER]}
    return {"consents": consents, "share": may_share([one.person], program=program, at=at)[one.person_id]}


def places_of(request, one, at):
    """Matches they are or were in, of those this reader may see."""
    if not request.has_right(Right.MATCH_VIEW):
        return []
    mine = matches_of(request.user, one.program, at).filter(members__participant=one)
    return list(mine.select_related("program").with_people().order_by("-pk"))


def talks_of(one, user, at):
    """The last talks with them. One about a match that this reader may not read of is absent."""
    read = matches_of(user, one.program, at, Right.ANSWER_VIEW).values("pk")
    rows = Conversation.objects.filter(program=one.program, person=one.person, level__lte=TALKED_ABOUT)
    whole = Q(match__in=read) | Q(match=None, by=user)
    if participants_are_all_reached(user, one, at):
        whole |= Q(match=None)
    return list(rows.filter(whole).select_related("by").order_by("-at", "-pk")[:TALKS])


def participants_are_all_reached(user, one, at):
    """Whether every match of this person is within reach; then a talk about all of them is this reader's to read."""
    read = matches_of(user, one.program, at, Right.ANSWER_VIEW).values("pk")
    return not one.places.exclude(match__in=read).exists()


def restrictions_of(request, one, on, may, at):
    """That there is one, for those who edit people; all of them, ended ones too, for those who may read why."""
    touching = Restriction.objects.filter(Q(subject=one.person) | Q(kept_away=one.person), program=one.program)
    rows = []
    if may["restriction_edit"]:
        rows = list(
            touching.visible_to(request.user, at).select_related("program", "subject", "kept_away").order_by("-pk")
        )
    elif not may["participant_edit"]:
        return {"is_restricted": False, "restrictions": []}
    if rows:
        record_read("restriction.read", about=one, by=request.user, at=at, level=SEALED)
    for row in rows:
        row.is_now = row.is_live(on)
    return {"is_restricted": touching.live(on).exists(), "restrictions": rows}


def standing_here(one, may):
    """What was decided about them, and why they left, for those who may change them."""
    if not may["participant_edit"]:
        return {}
    return {
        "decision": one.decisions.select_related("decided_by").order_by("-pk").first(),
        "leaving": one.leavings.filter(back_at=None).select_related("said_by").first() if one.left_at else None,
    }


def birth_date_of(one, user, at, may):
    """Where a birth date was put right across 18: who got or said what while it was wrong, for those who may edit."""
    if not may["participant_edit"]:
        return {}
    since = at - one.program.limit("wrong-age-told")
    changes = Event.objects.filter(
        verb="participant.birth-date", about_type=Participant._meta.label_lower, about_id=one.pk, at__gt=since
    )
    event = changes.order_by("-at", "-pk").first()
    days = [date.fromisoformat(day) if day else None for day in event.facts["born_on"]] if event else []
    if not all(days) or not days:
        return {}
    began, other = sorted(grown_on(day) for day in days)
    until = min(event.at, moment(other, time(0), one.program.zone))
    since = moment(began, time(0), one.program.zone)
    if since >= until:
        return {}
    standing = Person.objects.filter(children__child=one.person).exclude(pk__in=kept_from(user, at)).order_by("pk")
    return {
        "wrong_since": since,
        "wrong_until": until,
        "wrong_seen": seen_by([one.person, *standing], one.person, since, until, program=one.program),
    }
