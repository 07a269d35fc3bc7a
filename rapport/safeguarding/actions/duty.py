"""Naming who reads worries."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.safeguarding.models import Duty
from rapport.safeguarding.questions import leads_of


class NotALead(Refused):
    """Only somebody with the role of a safeguarding lead here can be named."""

    sentence = _("Only people with the role of safeguarding lead in this program can be named.")


@transaction.atomic
def name_duty(program, *, lead, second_lead, cover, outside_contact, read_by, numbers=None, by, at):
    """Say who reads worries here, by when, whom to call outside, and each site's emergency numbers. Raises NotALead.

    `numbers` is {site: numbers}.
    """
    allowed = set(leads_of(program, at).values_list("pk", flat=True))
    if any(user and user.pk not in allowed for user in (lead, second_lead, cover)):
        raise NotALead(program)
    named = {"lead": lead, "second_lead": second_lead, "cover": cover, "outside_contact": outside_contact}
    duty, _made = Duty.objects.update_or_create(
        program=program, defaults={**named, "read_by": read_by, "named_by": by, "named_at": at}
    )
    for site, words in (numbers or {}).items():
        program.sites.filter(pk=site.pk).update(emergency_numbers=words)
    record("duty.named", about=duty, by=by, at=at, **facts(duty, numbers or {}))
    return duty


def facts(duty, numbers):
    """What the trail keeps of it: who was named by id, the hour, and the numbers to call."""
    people = {"lead": duty.lead_id, "second_lead": duty.second_lead_id, "cover": duty.cover_id}
    hour = duty.read_by.strftime("%H:%M") if duty.read_by else ""
    called = {site.ref: words for site, words in numbers.items()}
    return people | {"outside_contact": duty.outside_contact, "read_by": hour, "numbers": called}
