"""Asking for permission: who said what, asking anew, the sheet of paper, and the words that are asked."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.languages import said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.onboarding import actions, forms
from rapport.onboarding.consenting import (
    dated_words,
    last_words_on,
    may_answer_for,
    own_words_of,
    shown,
    texts_of,
    whom_to_ask,
    words_about,
)
from rapport.onboarding.models import ConsentAsk, ConsentText
from rapport.onboarding.questions import told_guardians
from rapport.onboarding.views import heard_by
from rapport.onboarding.wording import PURPOSES, asked_in, language_for, languages_of, of_the_house, texts_said_to
from rapport.people.models import Consent, Guardianship, SetAside, kept_from
from rapport.programs.doors import staff_page

ASKED_AT_FIRST = ["join", "share-basics", "messages"]  # what a match cannot do without; the rest where it is needed
ASKS = 20
HOW = {**dict(forms.WAYS), "interpreter": lazy("with an interpreter")}
OWN_WORDS = "own-words"  # of guardians: how far what they tell us themselves may go


@staff_page(Right.CLEARANCE_EDIT)
def consents(request, program, ref):
    """Who agreed to what, in which words; and asking somebody, by letter or on paper."""
    at = timezone.now()
    one = get_object_or_404(heard_by(request, program), ref=ref)
    on, away = day_in(at, program.zone), set(kept_from(request.user, at))
    people = [(person, described(person, one)) for person in whom_to_ask(one, on) if person.pk not in away]
    first = {"form_id": new_ref(), "purposes": ASKED_AT_FIRST, "way": "letter"}
    again = asked_anew(one, request.GET.get("of", ""), at)
    standing = list(told_guardians(one, on).exclude(pk__in=away))
    about_own = request.POST.get("about") == OWN_WORDS
    form = forms.Ask((not about_own and request.POST) or None, people=people, today=on, initial=first | again)
    own = forms.AskOwnWords((about_own and request.POST) or None, guardians=standing, initial=first)
    pressed = own if about_own else form
    if request.method == "POST" and pressed.is_valid():
        ask = actions.ask_for_consent(one, **pressed.facts(), by=request.user, at=at)
        return after_asking(request, program, ask)
    asks = ConsentAsk.objects.filter(participant=one).exclude(person__in=away).select_related("person", "made_by")
    context = {
        "one": one, "form": form, "asks": list(asks.order_by("-made_at", "-pk")[:ASKS]), "again": again, "own": own,
        "words": [word for word in words_on(one, at) if word.given_by_id not in away], "standing": standing,
        "own_words": [word for word in own_words_on(one, at) if word.given_by_id not in away],
    }  # fmt: skip
    return render(request, "onboarding/consents.html", context, status=422 if pressed.errors else 200)


def own_words_on(one, at):
    """What each guardian said of their own words: those who stood for the child once may have said it, too."""
    adults = Guardianship.objects.filter(child=one.person).values("adult")
    words = worded(own_words_of(adults, one.program, at), one.program)
    return sorted(words, key=lambda word: (word.given_by.first_name, PURPOSES.index(word.purpose), word.pk))


def asked_anew(one, ref, at):
    """The question ready to be asked again, where what this person said yes to ends soon or has ended.

    For the same things, and for as long as before. Nothing goes out until somebody presses.
    """
    found = [row for row in dated_words([one.program_id], at, participants=[one.pk]) if row[1].ref == ref]
    near = day_in(at, one.program.zone) + one.program.limit("consent-ends")
    ending = {purpose: last_day for _one, _giver, purpose, last_day in found if last_day <= near}
    if not ending:
        return {}
    last_day = max(ending.values())
    began = last_words_on(one, at).filter(given_by__ref=ref, purpose__in=ending, is_given=True)
    span = last_day - min((day_in(word.given_at, one.program.zone) for word in began), default=last_day)
    purposes = [purpose for purpose in PURPOSES if purpose in ending]
    return {"person": ref, "purposes": purposes, "counts_until_on": max(last_day, day_in(at, one.program.zone)) + span}


def described(person, one):
    if person == one.person:
        return _("%(name)s, for themselves") % {"name": person.full_name}
    return _("%(name)s, guardian") % {"name": person.full_name}


def after_asking(request, program, ask):
    said = {"who": ask.person.first_name}
    if ask.by_letter:
        kept(request, _("A letter with a link goes to %(who)s.") % said)
        return redirect("onboarding:consents", program.slug, ask.participant.ref)
    words = _("Here is the sheet for %(who)s. Print it, and hand it over.")
    if not ask.person.reads_it:
        words = _("%(who)s does not read: read this sheet to them, with an interpreter if need be, never a child.")
    kept(request, words % said)
    return redirect("onboarding:sheet", program.slug, ask.ref)


def words_on(one, at):
    """The last word of each giver on each purpose, with the words that were asked."""
    words = worded(words_about(one).last_to_read(at), one.program)
    theirs = may_answer_for([(one, word.given_by) for word in words], at)
    aside = set(SetAside.objects.standing().filter(consent__in=words).values_list("consent", flat=True))
    for word in words:
        word.is_over = word.ran_out(at)
        is_over = (one.pk, word.given_by_id) not in theirs and word.purpose != Consent.Purpose.JOIN
        word.is_settled = is_over and word.pk in aside
        word.may_be_settled = is_over and (word.is_over or not word.is_given)
    return sorted(words, key=lambda word: (PURPOSES.index(word.purpose), word.pk))


def worded(words, program):
    """These consents, each with the text it was said to, as it reads about them, and whether there is a newer one."""
    words = list(words.select_related("person", "given_by", "recorded_by"))
    texts = texts_said_to(words, program)
    for word in words:
        text, word.is_of_older_words = texts.get(word.pk, (None, False))
        word.program, word.how = program, HOW.get(word.channel, "")
        word.said_to = shown(text, word.person, program) if text else None
    return words


def ask_of(request, program, ref):
    found = ConsentAsk.objects.open().filter(participant__in=heard_by(request, program))
    found = found.exclude(person__in=kept_from(request.user, timezone.now()))
    return get_object_or_404(found.select_related("program", "person", "participant__person"), ref=ref)


@staff_page(Right.CLEARANCE_EDIT)
def sheet(request, program, ref):
    """The same question on paper, in the reader's language, with a code that leads back to it and says when it was
    printed: a yes on it is to the words of then."""
    ask = ask_of(request, program, ref)
    language = language_for(ask.person, program, request.GET.get("in", ""))
    return said_in(language, print_sheet, request, program, ask, language)


def print_sheet(request, program, ask, language):
    back = request.build_absolute_uri(reverse("matches:record-consent", args=[program.slug, ask.ref]))
    back = f"{back}?in={language}&printed={timezone.now().timestamp():.6f}"
    context = {
        "ask": ask, "texts": texts_of(ask, language), "language": language, "languages": languages_of(program),
        "back": back, "code": square(back),
    }  # fmt: skip
    return render(request, "onboarding/public/sheet.html", context)


@staff_page(Right.PROGRAM_EDIT)
def texts(request, program):
    """The words people say yes or no to, with every version; a change writes a new one."""
    chosen = chosen_text(request, program)
    form = forms.Text(request.POST or None, initial=chosen["now"]) if chosen else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            same = {name: chosen[name] for name in ("purpose", "voice", "language")}
            text = actions.write_text(program, **same, **form.cleaned_data, by=request.user, at=timezone.now())
            kept(
                request,
                _("Kept as version %(n)d. Who said yes before said it to the older words.") % {"n": text.version},
            )
            return redirect("onboarding:texts", program.slug)
    context = {"chosen": chosen, "form": form, "rows": rows_of(program)}
    return render(request, "onboarding/texts.html", context, status=422 if form and form.errors else 200)


def chosen_text(request, program):
    """The text that the address names, as it stands; None where it names none."""
    named = {name: request.GET.get(name, "") for name in ("purpose", "voice", "language")}
    if named["purpose"] not in PURPOSES or named["voice"] not in ConsentText.Voice.values:
        return None
    if named["language"] not in languages_of(program) or not asked_in(named["voice"], named["purpose"]):
        return None
    last = ConsentText.objects.filter(program=program, **named).order_by("-version").first()
    house = of_the_house(named["language"]).get((named["voice"], named["purpose"]), {})
    now = {name: getattr(last, name) if last else house.get(name, "") for name in ("title", "words", "who_sees")}
    after = last.version if last else int(bool(house))
    older = ConsentText.objects.filter(program=program, **named).order_by("-version").select_related("written_by")
    return {**named, "now": {**now, "after": after}, "versions": list(older), "title": title_of(named)}


def title_of(named):
    return (
        f"{Consent.Purpose(named['purpose']).label} · {ConsentText.Voice(named['voice']).label} · {named['language']}"
    )


def rows_of(program):
    """Each text as it stands: (purpose, voice, its languages with their versions)."""
    last = {}
    for text in ConsentText.objects.filter(program=program).order_by("version"):
        last[text.purpose, text.voice, text.language] = text.version
    return [
        (purpose, voice, [(code, last.get((purpose.value, voice.value, code), 1)) for code in languages_of(program)])
        for purpose in Consent.Purpose
        for voice in ConsentText.Voice
        if asked_in(voice, purpose)
    ]
