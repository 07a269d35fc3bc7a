"""Pages that ask the engine: answered at once where that is quick, else by the long work, and the page says so.

No page waits for the engine longer than a moment, whatever is asked (`settings.ENGINE_WAIT`).
"""

from functools import partial, wraps

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django_htmx.http import HttpResponseClientRedirect

from rapport.access.rights import Right
from rapport.core.models import Heartbeat
from rapport.matching.actions import questions as actions
from rapport.matching.calling import WAITS, TookTooLong, answer_of
from rapport.matching.models import Question
from rapport.programs.doors import staff_page
from rapport.programs.models import Program

LONGEST = 500  # signs of an address


class HandedOver(Exception):
    """The long work answers it; `question` says which it is."""

    def __init__(self, question):
        self.question = question
        super().__init__(question)


PRESSES = {
    "run": lazy("See the draft"),
    "again": lazy("See the draft"),
    "mentee": lazy("Send to mentees"),
    "mentor": lazy("Send to mentors"),
}  # what is pressed once more, with nothing typed
SENDS = ("mentee", "mentor")  # of these, what goes out to people


def patiently(view, press=""):
    """A page of staff that asks the engine, and is told "we are looking" where the answer takes longer.

    `press`: its button that asks (of PRESSES), which is there again when the answer is; where it has several, they say
    so themselves.
    """

    @wraps(view)
    def page(request, program, *args, **kwargs):
        token = WAITS.set(partial(at_once_or_later, request, program))
        try:
            return view(request, program, *args, **kwargs)
        except HandedOver as over:
            pressed = request.POST.get("do")
            return under_way(request, program, over.question, pressed if pressed in PRESSES else press)
        finally:
            WAITS.reset(token)

    return page


def at_once_or_later(request, slug, text):
    """The engine's answer: one that is known, or one that comes at once. Raises HandedOver, calling.NoAnswer."""
    known = Question.objects.visible_to(request.user).filter(key=actions.key_of(text)).first()
    if known and known.state == Question.State.DONE:
        return known.answer
    if known and known.state == Question.State.FAILED and request.method == "POST":
        actions.ask_again(known)  # pressed once more
    elif known:
        raise HandedOver(known)
    try:
        return answer_of(text, settings.ENGINE_WAIT)
    except TookTooLong:
        path = request.get_full_path()
        program = Program.objects.get(slug=slug)
        place = path if len(path) <= LONGEST else request.path
        raise HandedOver(
            actions.hand_over(text, program=program, path=place, by=request.user, at=timezone.now())
        ) from None


def under_way(request, slug, question, press):
    """To the page that waits; where something was typed, a piece of the page it was typed on, or the page alone."""
    if request.method == "POST" and not press:
        return told(request, question, typed=True)
    place = reverse("matching:looking", args=[slug, question.ref])
    return redirect(f"{place}?press={press}" if press else place)


@staff_page(Right.MATCHING_RUN)
def looking(request, program, ref):
    """Whether the answer is there; then the page that asked. POST asks anew what took too long."""
    mine = Question.objects.visible_to(request.user).filter(program=program)
    question = get_object_or_404(mine.select_related("program").defer("answer", "problem"), ref=ref)
    if request.method == "POST":
        actions.ask_again(question)
        return HttpResponseRedirect(question.path)
    typed, press = "typed" in request.GET, request.GET.get("press")
    press = press if press in PRESSES else ""
    if question.state == Question.State.DONE and not typed and not press:
        return HttpResponseClientRedirect(question.path) if request.htmx else HttpResponseRedirect(question.path)
    return told(request, question, typed=typed, press=press)


def told(request, question, *, typed, press="") -> HttpResponse:
    """How it stands, as a page or, renewed by itself, as a piece of one."""
    context = {"question": question, "program": question.program, "typed": typed, "press": press}
    context |= {"label": PRESSES.get(press, ""), "sends": press in SENDS}
    context["is_worked_on"] = Heartbeat.objects.somebody_works()
    return render(request, f"matching/{'_looking' if request.htmx else 'looking'}.html", context)
