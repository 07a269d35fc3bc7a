"""What the rest of the house may ask about safety: whether the worry question may go out, and who reads it."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.audit.models import Event
from rapport.programs.models import Membership
from rapport.safeguarding.models import Duty
from rapport.tasks.models import Task

WHOLE = (  # what must be named before anybody is asked whether something worries them
    ("lead_id", lazy("a safeguarding lead who reads worries")),
    ("second_lead_id", lazy("a second lead, for when the first is away")),
    ("cover_id", lazy("somebody who stands in when both are away")),
    ("outside_contact", lazy("a contact outside the house")),
    ("read_by", lazy("the time of day by which worries are read")),
)


def readiness(program) -> list[str]:
    """What is missing, in sentences, before the worry question may go out; an empty list means it may."""
    return lacking(program, duty_of(program))


def whole_duty(program):
    """Who reads worries here, if the worry question may go out; else None. Three queries."""
    duty = next(iter(Duty.objects.select_related("lead").filter(program=program)), None)
    return None if duty is None or lacking(program, duty) else duty


def lacking(program, duty) -> list[str]:
    missing = [str(words) for name, words in WHOLE if not getattr(duty, name, None)]
    missing += [_("%(name)s no longer leads on safety here") % {"name": user.name} for user in gone(duty, program)]
    if duty and len({duty.lead_id, duty.second_lead_id}) < 2 and duty.lead_id:
        missing.append(_("a second lead who is not the first"))
    sites = list(program.sites.order_by("name").values_list("name", "emergency_numbers"))
    missing += [_("the emergency numbers of %(site)s") % {"site": name} for name, numbers in sites if not numbers]
    if not sites:
        missing.append(_("a site with its emergency numbers"))
    return missing


def duty_of(program):
    """Who reads worries here, or None where nobody was named."""
    return Duty.objects.select_related("lead", "second_lead", "cover").filter(program=program).first()


def gone(duty, program):
    """Those named who no longer hold the right to read concerns."""
    if duty is None:
        return []
    leads = set(holding(program).values_list("user", flat=True))
    named = {"lead": duty.lead_id, "second_lead": duty.second_lead_id, "cover": duty.cover_id}
    return [getattr(duty, name) for name, user in named.items() if user and user not in leads]


def leads_of(program, at=None):
    """Everybody who may read concerns in this program now."""
    return User.objects.filter(pk__in=holding(program, at).values("user")).order_by("name", "pk")


def holding(program, at=None):
    """The memberships that give the right to read concerns."""
    return Membership.objects.live(at or timezone.now()).filter(program=program, role__grants__right=Right.CONCERN_LEAD)


def emergency_numbers(program, match=None) -> str:
    """The numbers to call in danger: of the match's site, else of every site of the program."""
    if match is not None and match.site_id and match.site.emergency_numbers:
        return match.site.emergency_numbers
    sites = program.sites.exclude(emergency_numbers="").order_by("name")
    return " · ".join(f"{site.name}: {site.emergency_numbers}" for site in sites)


def calls_to_make(row, user):
    """This person's tasks to call the contact outside about this worry or concern."""
    return Task.objects.open().about(row).filter(owner=user, cause_key__contains=":outside:")


def duty_history(duty):
    """The last changes of who reads worries: rows of the trail, newest first."""
    return list(Event.objects.about(duty).filter(verb="duty.named").order_by("-at", "-pk")[:10]) if duty else []
