"""Who is kept away from whom: recorded, looked at again, ended by whose right it is. Each look is in the trail."""

from datetime import time
from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.audit.actions import record_read
from rapport.care import actions
from rapport.care.actions.parting import RecordedAlready
from rapport.core import papers
from rapport.core.months import day_in, moment
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.matches.models import Member
from rapport.people.actions.restricting import read_paper
from rapport.people.models import Guardianship, Participant, Person, Restriction, kept_from
from rapport.people.scopes import close_to
from rapport.portal import circle_forms as forms
from rapport.portal.reading import participants_of
from rapport.portal.seen import SEALED, seen_by
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership

MIDNIGHT = time(0)


def reached(request, program, ref):
    """A restriction this reader may read; its reading is written down before anything of it is shown."""
    at = timezone.now()
    mine = Restriction.objects.filter(program=program).visible_to(request.user, at)
    found = get_object_or_404(
        mine.select_related("program", "subject", "kept_away", "reviewer", "recorded_by", "ended_by"), ref=ref
    )
    record_read("restriction.read", about=found, by=request.user, at=at, level=SEALED)
    return found


@staff_page(Right.RESTRICTION_EDIT)
def new(request, program, ref):
    at = timezone.now()
    mine = participants_of(request.user, program, at)
    one = get_object_or_404(mine.select_related("person", "program"), ref=ref)
    today = day_in(at, program.zone)
    form = forms.NewRestriction(
        request.POST or None, request.FILES or None, known=near(one, request.user, at), today=today,
        reviewers=reviewers(program, one.person, at),
        initial={"starts_on": today, "reviewer": request.user.pk, "form_id": new_ref()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        away = form.cleaned_data.get("known") or form.named()
        made = recorded(program=program, kept_away=away, subject=one.person, **form.facts(), by=request.user, at=at)
        kept(request, _("Recorded. It holds from their next page on."))
        return redirect(made)
    title = _("Who is kept away from %(name)s?") % {"name": one.person.first_name}
    lead = _("They meet nothing of it: no letter, no link, no page. The coordinator is told to ask you first.")
    return form_page(request, form, title, one.get_absolute_url(), one.person.full_name, lead)


def recorded(**facts):
    """The restriction of this press; of two at once, the first one's."""
    try:
        return actions.keep_apart(**facts)
    except RecordedAlready as already:
        return already.about


def near(one, user, at):
    """Those who may be meant: guardians of now and before, those in a match with them."""
    adults = Guardianship.objects.filter(child=one.person).values("adult")
    matches = Member.objects.filter(participant__person=one.person).values("match")
    beside = Member.objects.filter(match__in=matches).values("participant__person")
    found = Person.objects.filter(pk__in=adults.order_by().union(beside.order_by()))  # of two sets, all are asked
    found = found.exclude(pk__in=close_to(user)).exclude(pk__in=kept_from(user, at))
    return found.exclude(pk=one.person_id).order_by("given_name", "pk")


def reviewers(program, subject, at):
    """Who may look again: whoever may read it, and does not stand for the child."""
    held = Membership.objects.live(at).filter(program=program, role__grants__right=Right.RESTRICTION_EDIT)
    users = User.objects.filter(pk__in=held.values("user")).exclude(person=subject)
    standing = Guardianship.objects.filter(child=subject, adult__user__isnull=False).values("adult__user")
    return users.exclude(pk__in=standing).order_by("name", "pk")


@staff_page(Right.RESTRICTION_EDIT)
def show(request, program, ref):
    at, row = timezone.now(), reached(request, program, ref)
    began = moment(row.starts_on, MIDNIGHT, program.zone)
    span = {"since": began, "until": row.recorded_at, "program": row.program, "level": SEALED - 1}
    seen = seen_by([row.kept_away], row.subject, **span) if late(row, began) else []
    subject = Participant.objects.filter(program=program, person=row.subject).order_by("pk").first()
    context = {
        "row": row,
        "one": subject,
        "at": at,
        "is_live": row.is_live(day_in(at, program.zone)),
        "is_ahead": row.starts_on > day_in(at, program.zone),
        "was_late": late(row, began),
        "seen": seen,
        "signed_in_at": row.kept_away.user.last_login if row.kept_away.user_id else None,
    }
    return render(request, "portal/restriction.html", context)


def late(row, began):
    """Whether it held before it was written down."""
    return began < row.recorded_at and row.starts_on < day_in(row.recorded_at, row.program.zone)


@staff_page(Right.RESTRICTION_EDIT)
def review(request, program, ref):
    at, row = timezone.now(), reached(request, program, ref)
    form = forms.Reviewed(
        request.POST or None, reviewers=reviewers(program, row.subject, at), today=day_in(at, program.zone),
        initial={"reviewer": row.reviewer_id or request.user.pk},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.look_again(row, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Looked at: it holds."))
        return redirect(row)
    return form_page(request, form, _("Does it still hold?"), row.get_absolute_url(), _("Back to it"))


@staff_page(Right.RESTRICTION_EDIT)
def end(request, program, ref):
    at, row = timezone.now(), reached(request, program, ref)
    form = forms.Ended(request.POST or None, initial={"ends_on": day_in(at, program.zone)})
    if request.method == "POST" and form.is_valid():
        actions.end_it(row, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("It holds until then. What was recorded stays."))
        return redirect(row)
    lead = _("Nothing is deleted: what was recorded stays, with your reason.")
    return form_page(request, form, _("It holds no more"), row.get_absolute_url(), _("Back to it"), lead)


@staff_page(Right.RESTRICTION_EDIT)
def paper(request, program, ref):
    """The paper itself, as a file to keep: no browser shows or runs it here."""
    row = reached(request, program, ref)
    if not row.paper:
        raise Http404
    content = read_paper(row)
    kind = papers.kind_of(content) or "application/octet-stream"
    response = FileResponse(BytesIO(content), as_attachment=True, filename=row.paper_name or "paper", content_type=kind)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def form_page(request, form, title, back, back_words, lead=""):
    context = {"form": form, "title": title, "back": back, "back_words": back_words, "lead": lead}
    return render(request, "portal/apart.html", context, status=422 if form.errors else 200)
