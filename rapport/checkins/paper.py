"""An ask on paper: the same questions on a sheet, and writing down what came back. It counts like an answer by link.

A worry on a sheet goes the same way as a pressed one, in the same transaction. Nothing said before is on either page.
"""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.checkins import actions, forms
from rapport.checkins.cards import page_of
from rapport.checkins.models import Answer, Ask
from rapport.core.codes import square
from rapport.core.languages import known, said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.matches.models import Headway, Match
from rapport.meetings.models import Remembered
from rapport.programs.doors import staff_page


def reached(request, program, ref, at, sent=None):
    """An ask and its page, cut to the pairs this reader talks with people about; nobody writes down their own."""
    asks = Ask.objects.filter(program=program).taking_answers(at).exclude(person__user=request.user)
    ask = get_object_or_404(asks.select_related("person", "program"), ref=ref)
    seen = Match.objects.filter(program=program).visible_to(request.user, Right.TALK, at)
    with override(language_of(ask)):
        page = page_of(ask, at, seen=seen, sent=sent, on_paper=True)
    if not page.cards and not page.meetings:
        raise Http404
    return ask, page


def sheet_of(person, user, program, at):
    """The ask of somebody that this user could print or write down, the newest first; None where there is none."""
    seen = Match.objects.filter(program=program).visible_to(user, Right.TALK, at)
    asks = Ask.objects.taking_answers(at).filter(program=program, person=person, check_ins__match__in=seen)
    return asks.exclude(person__user=user).order_by("-made_at", "-pk").first()


def language_of(ask):
    """The language of its reader, in which the sheet is printed."""
    return ask.person.language if known(ask.person.language) else settings.LANGUAGE_CODE


@staff_page(Right.TALK)
def sheet(request, program, ref):
    """The questions of one ask, to be answered by hand."""
    ask, page = reached(request, program, ref, timezone.now())
    back = request.build_absolute_uri(reverse("asks:write-down", args=[program.slug, ask.ref]))
    context = {"ask": ask, "person": ask.person, "page": page, "code": square(back)}
    context |= {"going": Headway.Value.labels, "where_now": Answer.Now.labels, "in_touch": Answer.InTouch.labels}
    context |= {"times": Remembered.Often.labels, "long": Remembered.Long.labels}
    return said_in(language_of(ask), render, request, "checkins/public/sheet.html", context)


@staff_page(Right.TALK)
def write_down(request, program, ref):
    """What stands on the sheet, or was said: kept as the answer of its person."""
    at = timezone.now()
    typed = request.POST if request.method == "POST" else None
    ask, page = reached(request, program, ref, at, None if typed is None else typed.getlist("goal"))
    cards = [forms.Card(typed, shown=one) for one in page.cards]
    meetings = [forms.Meet(typed, meeting=one) for one in page.meetings]
    today = day_in(at, program.zone)
    first = {"form_id": new_ref(), "way": "paper", "said_on": today}
    about = [one.person for card in page.cards for one in card.children]
    form = forms.Written(
        typed, program=program, people=[ask.person, *about], at=at, earliest=day_in(ask.made_at, program.zone),
        initial=first,
    )  # fmt: skip
    wrong = any([*(bool(one.errors) for one in forms.everything(cards, form, *meetings))])
    is_empty = False
    if request.method == "POST" and not wrong:
        said, met = [[one.said() for one in some if one.was_touched] for some in (cards, meetings)]
        is_empty = not said and not met
        if not is_empty:
            press = form.cleaned_data
            actions.answer_ask(
                ask, cards=said, meetings=met, going=[one for card in cards for one in card.going()],
                source=press["way"], said_on=press["said_on"], witness=press["witness"], form_id=press["form_id"],
                by=request.user, at=at,
            )  # fmt: skip
            kept(request, _("Written down, as the word of %(name)s.") % {"name": ask.person.first_name})
            return redirect("care:today", program.slug)
    context = {"ask": ask, "form": form, "cards": cards, "meetings": meetings, "page": page, "is_empty": is_empty}
    return render(request, "checkins/write_down.html", context, status=422 if wrong or is_empty else 200)
