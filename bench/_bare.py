"""The bare view beside the page of an ask: the same rows read and written, nothing asked, nothing drawn."""

import hashlib

from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def answer(request, token):
    """GET reads the link, its ask, the check-ins and their people; POST writes an answer and what follows from it."""
    from rapport.checkins.models import Ask, CheckIn
    from rapport.outbox.models import Link

    digest = hashlib.sha256(token.encode()).hexdigest()
    link = Link.objects.select_related("person", "program").get(token_hash=digest)
    ask = Ask.objects.get(pk=link.about_id)
    rows = list(CheckIn.objects.filter(ask=ask).select_related("match").prefetch_related("match__members__participant"))
    if request.method == "POST":
        for row in rows:
            write(row, ask, request)
    return HttpResponse(f"<p>{link.person.given_name}: {len(rows)}</p>")


@transaction.atomic
def write(row, ask, request):
    from rapport.audit.models import Event
    from rapport.checkins.models import Answer, Ask, CheckIn

    at = timezone.now()
    said = Answer.objects.create(
        program_id=row.program_id, check_in=row, feeling=4, worry="no", answered_at=at, form_id=request.POST["form_id"]
    )
    CheckIn.objects.filter(pk=row.pk).update(state="answered", kept_at=at)
    Ask.objects.filter(pk=ask.pk).update(state="answered", answered_at=at, next_at=None)
    Event.objects.create(verb="answered", at=at, actor_label="bare", about_type="checkins.answer", about_id=said.pk)


urlpatterns = [path("bare/<str:token>/", answer), path("", include("rapport.urls"))]
