"""The page on which somebody tells of their meetings: signed in, or by the link of their own meetings.

Everything is said to one address, so the history of a shared device shows neither a question nor an answer; nothing
that was said is shown again.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.meetings.actions import telling as actions
from rapport.meetings.actions.feeds import OWN_PURPOSE
from rapport.meetings.models import Log, Meeting
from rapport.meetings.tell import forms
from rapport.meetings.tell.whose import MENTOR, Past, pairs_of, past_of
from rapport.outbox import guests
from rapport.outbox.public import link_page
from rapport.people.models import Person
from rapport.programs.doors import program_page
from rapport.safeguarding.questions import emergency_numbers, whole_duty

PRESSES = 60  # within an hour; no figure of the field: no person tells of so many meetings, a machine does


@program_page(Right.OWN_PAGES)
def told(request, program):
    """For whoever takes part, or stands for a child who does, and signs in."""
    person = get_object_or_404(Person, user=request.user)
    return answer(request, person, program, source=Log.Source.PAGE)


@link_page(OWN_PURPOSE)
def by_link(request, link, found, at):
    suspect = request.method == "POST" and guests.is_suspect(request, link, at)
    return answer(request, link.person, link.program, source=Log.Source.LINK, is_suspect=suspect)


def answer(request, person, program, *, source, is_suspect=False):
    """The page, or what was pressed on it."""
    at = timezone.now()
    page = Telling(request, person, program, source, is_suspect, at)
    if not page.pairs:
        raise Http404
    if request.method == "POST" and guests.counted(f"told:{person.pk}", guests.HOUR) > PRESSES:
        return page.shown("list", status=429, slowly=True)
    presses = {"open": page.open, "tell": page.tell, "another": page.another, "tried": page.tried}
    press = presses.get(request.POST.get("what", ""), page.shown) if request.method == "POST" else page.shown
    try:
        response = press()
    except Refused as refusal:
        response = page.shown("list", status=409, refusal=refusal)
    response["Cache-Control"] = "no-store"
    return response


class Telling:
    """One reader, and what they may tell of just now."""

    def __init__(self, request, person, program, source, is_suspect, at):
        self.request, self.person, self.program, self.at = request, person, program, at
        self.source, self.is_suspect = source, is_suspect
        self.pairs = pairs_of(person, program, at)

    def context(self):
        return {
            "person": self.person, "program": self.program, "here": self.request.path, "form_id": new_ref(),
            "by_link": self.source == Log.Source.LINK, "may_try": any(p.side == MENTOR for p in self.pairs.values()),
        }  # fmt: skip

    def shown(self, what="list", status=200, **more):
        """Everything that may be told of; or one form in its place."""
        if what == "list":
            mentors = [pair for pair in self.pairs.values() if pair.side == MENTOR]
            more = {
                "rows": past_of(self.person, self.program, self.pairs, self.at),
                "another": self.another_form(initial={"on": self.today}),
                "tried": forms.Tried(pairs=mentors, initial={"on": self.today, "form_id": new_ref()}),
            } | more
        return render(self.request, f"meetings/public/tell_{what}.html", self.context() | more, status=status)

    @property
    def today(self):
        return day_in(self.at, self.program.zone)

    def row(self):
        """The meeting they pressed; what is no longer theirs is not there, whatever the form says."""
        ref = self.request.POST.get("meeting", "")
        meeting = get_object_or_404(Meeting.objects.filter(match__in=self.pairs, starts_at__lte=self.at), ref=ref)
        meeting.program = self.program
        return Past(meeting, self.pairs[meeting.match_id], was_told=False, is_off=False)

    def open(self):
        return self.form_of(self.row())

    def form_of(self, row, form=None, status=200, **more):
        duty = None if self.program.adults_only else whole_duty(self.program)
        form = form or forms.Tell(
            meeting=row.meeting, side=row.pair.side, asks_worry=duty is not None, initial={"form_id": new_ref()}
        )
        words = {"duty": duty, "emergency": emergency_numbers(self.program, row.pair.match)} if duty else {}
        return self.shown("one", status=status, row=row, form=form, **words, **more)

    def tell(self):
        row = self.row()
        duty = None if self.program.adults_only else whole_duty(self.program)
        form = forms.Tell(self.request.POST, meeting=row.meeting, side=row.pair.side, asks_worry=duty is not None)
        if not form.is_valid():
            return self.put_right(row, form, duty, status=422)
        worry, words = form.worry_told()
        try:
            actions.tell(
                row.meeting, self.person, form.told(), worry=worry, worry_words=words, source=self.source,
                form_id=form.cleaned_data["form_id"], is_suspect=self.is_suspect, by=self.person, at=self.at,
            )  # fmt: skip
        except Refused as refusal:
            return self.put_right(row, form, duty, status=409, refusal=refusal)
        return self.shown("done", duty=duty if worry in (actions.YES, actions.NOT_SURE) or words else None)

    def put_right(self, row, form, duty, *, status, refusal=None):
        """The form once more, and what is wrong with it. A worry in it is handed on first: no form holds it back."""
        if not actions.hand_on(row.meeting, self.person, *form.worry_told(), at=self.at):
            return self.form_of(row, form, status=status, refusal=refusal)
        if form.tells_nothing_else():
            return self.shown("done", duty=duty)
        return self.form_of(row, form.without_worry(), status=status, refusal=refusal, has_arrived=True)

    def another_form(self, *typed, **more):
        return forms.Another(*typed, pairs=list(self.pairs.values()), zone=self.program.zone, at=self.at, **more)

    def another(self):
        """A meeting that was not planned: first which, then how it was."""
        form = self.another_form(self.request.POST)
        if not form.is_valid():
            return self.shown("list", status=422, another=form, is_open=True)
        pair, typed, starts_at = self.pair_of(form), form.cleaned_data, form.starts_at()
        meeting = actions.meeting_of(
            pair.match, starts_at=starts_at, minutes=typed["minutes"], by=self.person, at=self.at
        )
        meeting.program = self.program
        first = {"form_id": new_ref(), "met": "yes", "minutes": typed["minutes"]}
        if starts_at != meeting.starts_at and pair.side == MENTOR:
            first["began"] = typed["began"].strftime("%H:%M")
        duty = None if self.program.adults_only else whole_duty(self.program)
        new = forms.Tell(meeting=meeting, side=pair.side, asks_worry=duty is not None, initial=first)
        return self.form_of(Past(meeting, pair, was_told=False, is_off=False), new)

    def tried(self):
        mentors = [pair for pair in self.pairs.values() if pair.side == MENTOR]
        form = forms.Tried(self.request.POST, pairs=mentors)
        if not form.is_valid():
            return self.shown("list", status=422, tried=form, is_trying=True)
        typed = form.cleaned_data
        actions.attempted(
            self.pair_of(form).match, self.person, on=typed["on"], how=typed["how"], source=self.source,
            form_id=typed["form_id"] or new_ref(), by=self.person, at=self.at,
        )  # fmt: skip
        return self.shown("done", is_attempt=True)

    def pair_of(self, form):
        return next(pair for pair in self.pairs.values() if pair.match.ref == form.cleaned_data["pair"])
