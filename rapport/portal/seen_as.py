"""A match as one of its people sees it: their own page, and the page of the letter they have in their hands.

It is cut to what the one who looks may see as well. Nothing is saved but that somebody looked; nothing can be pressed.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.audit.actions import record_read
from rapport.checkins.looking import open_ask_of, page_seen
from rapport.core.languages import theirs
from rapport.core.months import day_in
from rapport.onboarding import looking as onboarding
from rapport.outbox.looking import Look, seen
from rapport.people.models import Restriction
from rapport.portal.match import guardians_of
from rapport.portal.mine import places_of_person
from rapport.portal.reading import matches_of, participants_of
from rapport.programs.doors import staff_page

OF_STAFF = 2  # the level of the line in the trail: whoever reads the trail may know who looked


@staff_page(Right.ANSWER_VIEW)
def seen_as(request, program, ref, who):
    """The own page of somebody in this match, with their eyes."""
    at = timezone.now()
    match, person = looked_at(request, program, ref, who, at)
    read = matches_of(request.user, program, at, Right.ANSWER_VIEW)
    page = cut(places_of_person(person, at), request.user, program, read, at) | {"here": reverse("portal:own")}
    links = [(match.get_absolute_url(), _("Back to the match"))]
    if open_ask_of(person, match, at):
        links.append((reverse("portal:as-letter", args=[program.slug, ref, who]), _("Their letter, and its page")))
    if onboarding.open_ask_of(person, match, request.user, at):
        links.append((reverse("portal:as-permission", args=[program.slug, ref, who]), _("The question for permission")))
    words = [_("You see this page as %(name)s does. Nothing on it can be pressed, and nothing is saved.")]
    look = Look(" ".join([*words, *why_absent(request, match, page, at)]) % {"name": person.first_name}, links)
    record_read("match.seen-as", about=match, by=request.user, at=at, level=OF_STAFF, person=person.pk)
    return seen(request, "portal/public/own.html", lambda: page, look=look, language=theirs(person))


@staff_page(Right.ANSWER_VIEW)
def letter_seen_as(request, program, ref, who):
    """The page behind the letter that somebody has about this match, with their eyes."""
    at = timezone.now()
    match, person = looked_at(request, program, ref, who, at)
    ask = open_ask_of(person, match, at)
    words = _("This is what %(name)s sees behind the link of the letter. Nothing can be pressed, and nothing is saved.")
    links = [(reverse("portal:as", args=[program.slug, ref, who]), _("Their own page"))]
    read = matches_of(request.user, program, at, Right.ANSWER_VIEW)
    page = page_seen(request, ask, at, Look(words % {"name": person.first_name}, links), read) if ask else None
    if page is None:
        raise Http404
    record_read("match.seen-as", about=match, by=request.user, at=at, level=OF_STAFF, person=person.pk, ask=ask.pk)
    return page


@staff_page(Right.ANSWER_VIEW)
def permission_seen_as(request, program, ref, who):
    """The page behind the letter that asks somebody for permission in this match, with their eyes."""
    at = timezone.now()
    match, person = looked_at(request, program, ref, who, at)
    ask = onboarding.open_ask_of(person, match, request.user, at)
    words = _("This is what %(name)s sees behind the link of the letter. Nothing can be pressed, and nothing is saved.")
    links = [(reverse("portal:as", args=[program.slug, ref, who]), _("Their own page"))]
    page = onboarding.page_seen(request, ask, at, Look(words % {"name": person.first_name}, links))
    if page is None:
        raise Http404
    record_read("match.seen-as", about=match, by=request.user, at=at, level=OF_STAFF, person=person.pk, consent=ask.pk)
    return page


def looked_at(request, program, ref, who, at):
    """The match and the person of it, both within this reader's reach. Raises Http404."""
    if request.method not in ("GET", "HEAD"):
        raise Http404
    rows = matches_of(request.user, program, at, Right.ANSWER_VIEW).select_related("program").with_people()
    match = get_object_or_404(rows, ref=ref)
    people = [one.person for one in [*match.mentors, *match.mentees]]
    people += [row.adult for row in guardians_of(match, request.user, at)]
    person = next((one for one in people if one.ref == who), None)
    if person is None:
        raise Http404
    return match, person


def cut(page, user, program, read, at):
    """Of somebody's own page, what this reader may see as well: people and pairs of this program within their reach."""
    reached = participants_of(user, program, at).filter(pk__in=[place.one.pk for place in page["places"]])
    reached = set(reached.values_list("pk", flat=True))
    pairs = [match.pk for place in page["places"] for match in place.matches]
    known_pairs = set(read.filter(pk__in=pairs).values_list("pk", flat=True))
    places = []
    for place in page["places"]:
        was_empty = not place.matches
        place.pairs = [pair for pair in place.pairs if pair.match.pk in known_pairs]
        place.unseen = [match for match in place.unseen if match.pk in known_pairs]
        if place.one.pk in reached and (place.matches or was_empty):
            places.append(place)
    asks = [ask for ask in page["asks"] if ask.program_id == program.pk]
    asked = {ask.pk: set(ask.check_ins.values_list("match", flat=True)) for ask in asks}
    about = set(read.filter(pk__in=set().union(*asked.values())).values_list("pk", flat=True)) if asks else set()
    return {**page, "places": places, "asks": [ask for ask in asks if not asked[ask.pk] or asked[ask.pk] & about]}


def why_absent(request, match, page, at):
    """Why this match is not on the page, where this reader may know it; else nothing, as for its person."""
    if any(pair.match.pk == match.pk for place in page["places"] for pair in place.pairs):
        return
    if not match.is_open:
        yield _("This match is not open, so it is not on it.")
    elif match.awaits_checks:
        yield _("The checks of this match are not confirmed yet, so it is not on it.")
    elif may_know_of_restrictions(request, match, at):
        yield _("A restriction keeps this match from them.")


def may_know_of_restrictions(request, match, at):
    """Whether there is a restriction among its people, and this reader is one of those who may know that."""
    members = [one.pk for one in [*match.mentors, *match.mentees]]
    edits = participants_of(request.user, match.program, at, Right.PARTICIPANT_EDIT)
    if edits.filter(pk__in=members).count() < len(members):
        return False
    people = [one.person_id for one in [*match.mentors, *match.mentees]]
    on = day_in(at, match.program.zone)
    return Restriction.objects.live(on).filter(program=match.program, subject__in=people).exists()
