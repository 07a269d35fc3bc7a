"""Whatever those who take part can write on a page of theirs is read by a person, and a child's words soon enough.

Every field for words on such a page stands in WHO_READS; why that is enough says docs/adr/0016. Where a new one fails
this, say who reads it, and see to it that what a child writes there is on somebody's desk in the same transaction.
"""

import ast
import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest
from django import forms
from django.utils import timezone

from rapport.core.refs import new_ref
from rapport.matches import agreement_calls
from rapport.matches.actions import goals, reading, signing
from rapport.matches.actions.feedback import KIND as FEEDBACK
from rapport.matches.actions.feedback import say_feedback
from rapport.matches.models import Agreement, SignAsk, Way
from rapport.meetings.actions import telling
from rapport.meetings.models import Log
from rapport.meetings.telling import Told
from rapport.people.models import Guardianship
from rapport.portal import actions as portal
from rapport.safeguarding.models import TriageItem
from rapport.tasks.models import Task
from tests.cast import staff
from tests.meetings.test_logs import met_on

pytestmark = pytest.mark.django_db
LEAD = "a lead on safety reads it the same working day"
TODAY = "a task to read or to call the same day"
PAIR = "between the two, unless its writer lets staff read it; the page of their own has a door for worries"
FACT = "where, who or what, of a grown-up or for the pair; staff look at what the program says no to"
WHO_READS = {
    "checkins.forms.Card.words": LEAD,
    "checkins.forms.Card.news": "grown-ups alone are asked for news; who reads answers",
    "events.groups.forms.Tap.who": "no words: which of those in the group",
    "matches.agreement_forms.Sign.read_with": FACT,
    "matches.agreement_forms.Sign.words": TODAY,
    "matches.agreement_forms.WordsFor.wish": TODAY,
    "matches.goals_forms.HowItGoes.obstacle": TODAY,
    "matches.goals_forms.HowItGoes.words": TODAY,
    "matches.goals_forms.NewStep.words": TODAY,
    "matches.goals_forms.WhatHelps.change": TODAY,
    "matches.goals_forms.WhatHelps.helps": TODAY,
    "matches.goals_public.Said.words": TODAY,
    "matches.goals_public.SaidByMentee.words": TODAY,
    "matches.goals_public.SaidByMentor.words": "a mentor's, who is grown up; staff read it among the goals",
    "matching.proposals.forms.Say.reason": LEAD,
    "meetings.outings.forms.Asked.company": FACT,
    "meetings.outings.forms.Asked.place": FACT,
    "meetings.outings.forms.Asked.what": FACT,
    "meetings.own.forms.Item.words": PAIR,
    "meetings.sheet.forms.Press.meeting": "no words: which of the meetings on the sheet",
    "meetings.tell.forms.Tell.activity_words": FACT,
    "meetings.tell.forms.Tell.company_words": FACT,
    "meetings.tell.forms.Tell.opinion": "asked of mentors alone; who reads answers",
    "meetings.tell.forms.Tell.place": FACT,
    "meetings.tell.forms.Tell.shared": "asked of mentors alone; who reads answers",
    "meetings.tell.forms.Tell.words": LEAD,
    "meetings.tell.forms.Tell.worry_words": LEAD,
    "onboarding.forms.Choice.text": "no words: which version of a text was shown",
    "portal.front.forms.Worried.words": LEAD,
    "portal.front.link.Address.address": "no words: where a letter goes",
}
CHOSEN = {  # what is read of a press without a form: which of what was offered, and nothing that anybody words
    "absent", "again", "ask", "day", "do", "ending", "goal", "group", "in", "instead", "is", "meeting", "mentee",
    "other", "outing", "pair", "place", "say-{one.ref}", "says", "session", "step", "tell", "version", "what",
}  # fmt: skip


def pages_of_their_own():
    """The modules of pages behind a link, and of what one presses on the own page when signed in."""
    for path in sorted(Path("rapport").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "@link_page(" in source or (path.parts[1:3] == ("portal", "front") and "@staff_page(" not in source):
            yield import_module(".".join(path.with_suffix("").parts))


def whatever_hears_them():
    """These modules, and those that they leave it to to hear a press."""
    ahead, found = list(pages_of_their_own()), []
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.append(module)
            ahead += leaned_on(module)
    return found


def leaned_on(module):
    for value in vars(module).values():
        name = (value if inspect.ismodule(value) else inspect.getmodule(value) or module).__name__
        if name.startswith("rapport."):
            source = inspect.getsource(sys.modules[name])
            if "request.POST" in source and "@staff_page(" not in source:
                yield sys.modules[name]


def forms_of(module):
    """The forms that a module uses: its own, those it imports, and those it takes from a module of forms."""
    for value in vars(module).values():
        if inspect.isclass(value) and issubclass(value, forms.Form):
            yield value
    for name in re.findall(r"\b\w*forms\.([A-Z]\w+)", inspect.getsource(module)):
        for held in vars(module).values():
            found = getattr(held, name, None) if inspect.ismodule(held) else None
            if inspect.isclass(found) and issubclass(found, forms.Form):
                yield found


def fields_for_words():
    found = set()
    for module in whatever_hears_them():
        for form in forms_of(module):
            if form.__module__.startswith("rapport."):
                where = f"{form.__module__.removeprefix('rapport.')}.{form.__name__}"
                found |= {f"{where}.{name}" for name, field in form.base_fields.items() if takes_words(field)}
                found |= {f"{where}.{method}" for method in makes_words(form)}
    return found


def takes_words(field):
    return isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput)


def makes_words(form):
    """The methods of a form that make a field for words when it is opened."""
    for kind in form.__mro__:
        if kind.__module__.startswith("rapport."):
            known = vars(sys.modules[kind.__module__])
            body = ast.parse(dedent(inspect.getsource(kind))).body[0].body
            for method in (one for one in body if isinstance(one, ast.FunctionDef)):
                called = (one.func for one in ast.walk(method) if isinstance(one, ast.Call))
                if any(is_for_words(one, known) for one in called):
                    yield method.name


def is_for_words(called, known):
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        kind = getattr(known.get(called.value.id), called.attr, None)
    else:
        kind = known.get(called.id) if isinstance(called, ast.Name) else None
    return inspect.isclass(kind) and issubclass(kind, forms.CharField)


def test_of_every_field_for_words_it_is_said_who_reads_it():
    found = {name for name in fields_for_words() if not name.endswith(".form_id")}

    assert sorted(found ^ set(WHO_READS)) == []


def test_without_a_form_nothing_is_read_that_somebody_words():
    found = {name for module in whatever_hears_them() for name in read_without_a_form(inspect.getsource(module))}

    assert sorted(found ^ CHOSEN) == []


def read_without_a_form(source):
    return re.findall(r"""POST(?:\.get(?:list)?\(|\[)\s*f?["']([^"']+)["']""", source)


# What becomes of a child's words

SAID = "He waits for me at the gate"


@pytest.fixture
def goal(match, ben_in, ben):
    return goals.add_goal(
        match, mentee=ben_in, words="Swim a lap", worded_by="mentee", level=0, heard=goals.Heard(ben, Way.LINK),
        form_id=new_ref(), by=None, at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def sign_ask(match, ben):
    version = Agreement.objects.create(
        program=match.program, match=match, number=1, state="out", sent_at=timezone.now(), made_at=timezone.now()
    )
    ask = SignAsk.objects.create(
        program=match.program, agreement=version, person=ben, party="mentee", made_at=timezone.now()
    )
    return signing.with_match(SignAsk.objects.filter(pk=ask.pk))[0]


def a_goal(ask, by):
    match = ask("match")
    goals.add_goal(
        match, mentee=match.mentees[0], words=SAID, worded_by="mentee", level=0, form_id=new_ref(),
        heard=goals.Heard(ask("ben"), Way.LINK), by=by, at=timezone.now(),
    )  # fmt: skip


def a_step(ask, by):
    goals.add_step(ask("goal"), words=SAID, person=ask("ben"), form_id=new_ref(), by=by, at=timezone.now())


def headway(name):
    def say(ask, by):
        heard = goals.Heard(ask("ben"), Way.LINK)
        goals.say_headway(ask("goal"), **{name: SAID}, heard=heard, form_id=new_ref(), by=by, at=timezone.now())

    return say


def what_helps(ask, by):
    heard = goals.Heard(ask("ben"), Way.LINK)
    say_feedback(ask("match"), to=ask("ama"), change=SAID, heard=heard, form_id=new_ref(), by=by, at=timezone.now())


def signature(say):
    def sign(ask, by):
        word = signing.Word(is_yes=say == "yes", way="link", language="en", words=SAID, read_with="Grace")
        signing.sign(ask("sign_ask"), word, by=by, at=timezone.now())

    return sign


def a_wish(ask, by):
    signing.propose(ask("sign_ask"), section="terms", words=SAID, form_id=new_ref(), by=by, at=timezone.now())


def a_meeting(ask, by):
    told = Told(happened=True, words=SAID)
    telling.tell(
        met_on(ask("match"), 1), ask("ben"), told, source=Log.Source.PAGE, form_id=new_ref(), by=by, at=timezone.now()
    )


def a_worry(ask, by):
    portal.say_worry(
        ask("ben"), "maybe", SAID, one=ask("ben_in"), match=ask("match"), form_id=new_ref(), at=timezone.now()
    )


WRITES = {  # what a child writes, and the kind of task it makes; None: a lead has their words
    "a goal": (a_goal, reading.KIND),
    "a step": (a_step, reading.KIND),
    "what stands in the way of a goal": (headway("obstacle"), reading.KIND),
    "how it goes with a goal": (headway("words"), reading.KIND),
    "what helps between the two": (what_helps, FEEDBACK),
    "beside a signature": (signature("yes"), reading.KIND),
    "beside a no to the agreement": (signature("no"), agreement_calls.SAID_NO),
    "words for the agreement": (a_wish, agreement_calls.CALL_ME),
    "of a meeting, for their person at the program": (a_meeting, None),
    "a worry on the page of their own": (a_worry, None),
}


@pytest.mark.parametrize("what", WRITES)
def test_a_childs_words_are_on_a_desk_at_once(request, match, ben, cora, dele, what):
    write, kind = WRITES[what]
    request.getfixturevalue("goal")

    write(request.getfixturevalue, ben)

    read_by_a_lead = [item.words for item in TriageItem.objects.visible_to(dele, timezone.now())]
    assert read_by_a_lead == ([SAID] if kind is None else [])
    tasks = Task.objects.open().counted().values_list("kind", "owner", "person", "reason")
    found = [one for one in tasks if one[0] == kind]
    assert [one[:3] for one in found] == ([(kind, cora.pk, ben.pk)] if kind else [])
    assert SAID not in " ".join(one[3] for one in tasks)


def test_where_the_coordinator_stands_too_near_a_colleague_reads_it(request, match, ben, cora, riverside):
    cody = staff("Cody", riverside, "coordinator")
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=ben.born_on)

    a_step(request.getfixturevalue, ben)

    assert [(one.owner, one.person) for one in Task.objects.filter(kind=reading.KIND)] == [(cody, ben)]


def test_one_call_a_day_whatever_they_write_and_none_for_what_staff_or_a_grown_up_wrote(request, match, ben, ama, cora):
    for write in (a_goal, a_step, headway("words")):
        write(request.getfixturevalue, ben)
        write(request.getfixturevalue, cora)
        write(request.getfixturevalue, ama)

    assert Task.objects.filter(kind=reading.KIND).count() == 1
