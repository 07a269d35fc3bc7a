"""The bare view beside the page of an ask: the same rows read and written, nothing asked, nothing drawn."""

import hashlib

from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def answer(request, token):
    """GET reads what the page shows, POST what an answer stands on; POST writes an answer and what follows from it."""
    link, ask, rows = read(hashlib.sha256(token.encode()).hexdigest())
    if request.method == "POST":
        write(rows, ask, link, request)
    else:
        read_what_is_shown(link, rows)
    return HttpResponse(f"<p>{link.person.given_name}: {len(rows)}</p>")


def read(digest):
    """The link, its ask, the check-ins, their pairs and people, what keeps them apart, and numbers of the program."""
    from rapport.checkins.models import Ask, CheckIn
    from rapport.matches.models import Member
    from rapport.onboarding.models import Gate
    from rapport.outbox.models import Link
    from rapport.people.models import Restriction
    from rapport.programs.models import Limit

    link = Link.objects.select_related("person", "program").get(token_hash=digest)
    ask = Ask.objects.get(pk=link.about_id)
    rows = list(CheckIn.objects.select_related("promise", "match__site", "match__coordinator").filter(ask=ask))
    members = Member.objects.select_related("participant__person")
    members = list(members.filter(match__in=[row.match_id for row in rows]))
    list(Restriction.objects.filter(subject__in=[member.participant.person_id for member in members]))
    list(Gate.objects.filter(participant__in=[member.participant_id for member in members], is_met=False))
    list(Limit.objects.filter(program=link.program_id).values_list("code", "value", "unit"))
    list(Member.objects.filter(participant__in=link.person.participations.all(), side="mentor"))
    return link, ask, rows


def read_what_is_shown(link, rows):
    """Goals and what was said of them, who is on duty, who may still read, and the emergency numbers."""
    from rapport.matches.models import Goal, Headway
    from rapport.programs.models import Membership
    from rapport.safeguarding.models import Duty

    goals = list(Goal.objects.filter(match__in=[row.match_id for row in rows], ended_at=None))
    list(Headway.objects.filter(goal__in=goals, person=link.person_id).values_list("goal", "said_on"))
    list(Duty.objects.select_related("lead").filter(program=link.program_id))
    leads = Membership.objects.filter(program=link.program_id, role__grants__right="concern.lead")
    list(leads.values_list("user", flat=True))
    list(link.program.sites.values_list("name", "emergency_numbers"))


@transaction.atomic
def write(rows, ask, link, request):
    """The answer, its line in the trail, and its check-in, rest and ask as they stand after it."""
    from rapport.audit.models import Event
    from rapport.checkins.models import Answer, Ask, CheckIn, Rest

    at = timezone.now()
    for row in rows:
        list(Answer.objects.filter(check_in=row))
        said = Answer.objects.create(
            program_id=row.program_id, check_in=row, feeling=4, worry="no", answered_at=at,
            form_id=request.POST["form_id"],
        )  # fmt: skip
        CheckIn.objects.filter(pk=row.pk).update(state="answered", kept_at=at)
        Event.objects.create(
            verb="answered", at=at, actor_id=link.person_id, actor_label="bare", program_id=row.program_id,
            about_type="checkins.answer", about_id=said.pk, facts={"suspect": False, "source": "link"},
        )  # fmt: skip
    Rest.objects.filter(program=link.program_id, person=link.person_id, ended_at=None).update(ended_at=at)
    Ask.objects.filter(pk=ask.pk).update(state="answered", answered_at=at, next_at=None)


urlpatterns = [path("bare/<str:token>/", answer), path("", include("rapport.urls"))]
