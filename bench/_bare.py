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
        read_who_reads(link)
    return HttpResponse(f"<p>{link.person.given_name}: {len(rows)}</p>")


def read(digest):
    """The link, its ask, the check-ins, their pairs and people, who stands for the children, open meetings."""
    from rapport.checkins.models import Ask, CheckIn
    from rapport.matches.models import Match, Member
    from rapport.meetings.models import Meeting
    from rapport.outbox.models import Link
    from rapport.people.models import Guardianship, Restriction

    link = Link.objects.select_related("person", "program").get(token_hash=digest)
    ask = Ask.objects.select_related("program", "person").get(pk=link.about_id)
    rows = list(CheckIn.objects.filter(ask=ask))
    matches = [row.match_id for row in rows]
    list(Match.objects.select_related("site", "coordinator").filter(pk__in=matches))
    members = Member.objects.select_related("participant__person").filter(match__in=matches)
    people = [member.participant.person_id for member in members]
    list(Guardianship.objects.select_related("adult", "child").filter(child__in=people))
    list(Restriction.objects.filter(subject__in=people))
    list(Meeting.objects.filter(match__in=matches, kept_at=None, missed_at=None, excused_at=None)[:8])
    return link, ask, rows


def read_who_reads(link):
    """Who is on duty, who may still read, and the emergency numbers."""
    from rapport.programs.models import Membership
    from rapport.safeguarding.models import Duty

    list(Duty.objects.select_related("lead", "second_lead", "cover").filter(program=link.program_id))
    leads = Membership.objects.filter(program=link.program_id, role__grants__right="concern.lead")
    list(leads.values_list("user", flat=True))
    list(link.program.sites.values_list("name", "emergency_numbers"))


@transaction.atomic
def write(rows, ask, link, request):
    from rapport.audit.models import Event
    from rapport.checkins.models import Answer, Ask, CheckIn, Rest
    from rapport.tasks.models import Task

    at = timezone.now()
    for row in rows:
        list(Answer.objects.filter(check_in=row))
        said = Answer.objects.create(
            program_id=row.program_id, check_in=row, feeling=4, worry="no", answered_at=at,
            form_id=request.POST["form_id"],
        )  # fmt: skip
        CheckIn.objects.filter(pk=row.pk).update(state="answered", kept_at=at)
        Event.objects.create(verb="answered", at=at, actor_label="bare", about_type="checkins.answer", about_id=said.pk)
    Rest.objects.filter(program=link.program_id, person=link.person_id, ended_at=None).update(ended_at=at)
    Ask.objects.filter(pk=ask.pk).update(state="answered", answered_at=at, next_at=None)
    list(Task.objects.filter(cause_key=f"checkins/talk-instead:{ask.ref}"))


urlpatterns = [path("bare/<str:token>/", answer), path("", include("rapport.urls"))]
