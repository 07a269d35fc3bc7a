"""The agreement of a match on the pages of staff: written, sent out, signed on paper; what waits; and its words."""

from itertools import pairwise

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.languages import said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.matches import agreement_forms as forms
from rapport.matches.actions import agreeing, signing
from rapport.matches.agreement import lacking, sign_by, without_one
from rapport.matches.agreement_public import pair_for
from rapport.matches.clauses import (
    clause_rules,
    differences,
    has_agreement,
    house_rows,
    newest_rows,
    sections_of,
)
from rapport.matches.models import Agreement, Match, Proposal, SignAsk, Signature
from rapport.matches.printing import require_printable
from rapport.matches.term_words import terms_said
from rapport.matches.views import answer, reach
from rapport.onboarding.wording import language_for, languages_of
from rapport.people.models import kept_from
from rapport.programs.doors import staff_page

State = Agreement.State
PAGE = 50


@staff_page(Right.MATCH_EDIT)
def agreement(request, program, ref):
    """All versions of a match's agreement: the one being written, the one that stands, and what changed before."""
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    if not has_agreement(program):
        raise Http404
    versions = list(match.agreements.order_by("-number"))
    for one in versions:
        one.match, one.program = match, program
    draft = next((one for one in versions if one.state == State.DRAFT), None)
    asked = request.POST.get("do", "")
    form = terms_form(request, draft, asked) if draft else None
    decision = forms.Decision(request.POST if asked == "decide" else None)
    if request.method == "POST" and all(one.is_valid() for one in given(form, decision) if one.is_bound):
        deed(request, match, versions, draft, asked, form, decision, at)
        return redirect("matches:agreement", program.slug, match.ref)
    context = {"match": match, "draft": draft, "form": form, "decision": decision, "at": at}
    context["may_drop"] = draft is not None and not draft.asks.exists()
    return answer(
        request, "matches/agreement.html", context | shown(request, match, versions, at), *given(form, decision)
    )


def given(*forms_):
    return [form for form in forms_ if form is not None]


def terms_form(request, draft, asked):
    """What the pair settles. What stands in the fields is kept by whichever press sends it: no older word goes out."""
    sent = asked == "write" or (asked in ("show", "send") and forms.OWN in request.POST)
    form = forms.Terms(
        request.POST if sent else None, is_first=draft.number == 1,
        asks_overlap=any(rule.code == agreeing.OVERLAP for rule in clause_rules(draft.program)),
        initial=draft.terms | {"why": draft.why},
    )  # fmt: skip
    form.fields["starts_on"].earliest = draft.match.begun_on or draft.program.using_since_on
    return form


def deed(request, match, versions, draft, asked, form, decision, at):
    """One press of the page. An unknown one does nothing."""
    by = {"by": request.user, "at": at}
    standing = next((one for one in versions if one.state in (State.OUT, State.SIGNED)), None)
    if draft and form.is_bound:
        agreeing.write_terms(draft, terms=form.terms(), why=form.cleaned_data.get("why", ""), **by)
    if asked == "draft":
        agreeing.draft(match, **by)
    elif asked == "drop" and draft:
        agreeing.drop_draft(draft, **by)
        kept(
            request,
            _("Nothing is being written now.") if not draft.asks.exists() else _("Somebody has read it: it stays."),
        )
    elif asked == "write" and draft:
        kept(request, _("Kept. Nobody was asked yet."))
    elif asked == "show" and draft:
        agreeing.ask_for_words(draft, **by)
        kept(request, _("Mentor and mentee can read it now, and say what they would like in it."))
    elif asked == "send" and draft:
        agreeing.send_out(draft, **by)
        kept(request, _("It is out for signature. Whoever gets no letter has a sheet of paper below."))
    elif asked == "sign" and standing:
        signing.sign_for_program(standing, language=get_language(), **by)
        kept(request, _("Signed for the program."))
    elif asked == "decide":
        heard = Proposal.objects.filter(agreement__match=match).exclude(person__in=kept_from(request.user, at))
        proposal = get_object_or_404(heard, ref=decision.cleaned_data["proposal"])
        signing.decide(proposal, fate=decision.cleaned_data["fate"], reply=decision.cleaned_data["reply"], **by)
        kept(request, _("Kept. They read your answer on their page; tell a child yourself."))


def shown(request, match, versions, at):
    """What the page tells of the versions: their text, who signed, whose signature is not there, what changed. Whoever
    is kept away from somebody reads nothing of their word, and where it is not there, that a colleague looks after it.
    """
    away = set(kept_from(request.user, at))
    written = [one for one in versions if one.state in (State.OUT, State.SIGNED)]
    missing = lacking(written, at) if written else {}
    signed = Signature.objects.filter(agreement__match=match).exclude(person__in=away)
    signed = list(signed.select_related("person", "written_by"))
    reads = Match.objects.visible_to(request.user, Right.ANSWER_VIEW).filter(pk=match.pk).exists()
    asks = SignAsk.objects.filter(agreement__match=match).exclude(person__in=away)
    asks = list(asks.select_related("person").order_by("pk"))
    said = Proposal.objects.filter(agreement__match=match).exclude(person__in=away)
    return {
        "standing": [standing_of(one, missing[one.pk], signed, asks, away) for one in written],
        "asks": asks, "reads": reads, "language": get_language(), "ended": match.state not in Match.ALIVE,
        "older": [(one, differences(before, one)) for one, before in pairwise(versions)],
        "proposals": list(said.select_related("person", "decided_by").order_by("-pk")),
    }  # fmt: skip


def standing_of(one, missing, signed, asks, away):
    """One version that is out or signed, of these signatures and asks of the match."""
    asks = [ask for ask in asks if ask.agreement_id == one.pk and not ask.closed_at]
    there = {(row.person_id, row.party) for row in signed if row.agreement_id == one.pk and row.is_yes}
    return {
        "agreement": one, "missing": [lack.without(away) for lack in missing],
        "sections": sections_of(one, get_language()), "terms": terms_said(one),
        "signed": [row for row in signed if row.agreement_id == one.pk],
        "asks": [ask for ask in asks if (ask.person_id, ask.party) not in there],
        "answered": [ask for ask in asks if (ask.person_id, ask.party) in there],
        "needs_program": any(lack.party == "coordinator" for lack in missing),
    }  # fmt: skip


def ask_of(request, program, ref):
    """The ask of this sheet, with its match; a 404 to strangers and who is kept away from its person."""
    seen = Match.objects.visible_to(request.user, Right.MATCH_EDIT).filter(program=program)
    asks = SignAsk.objects.filter(agreement__match__in=seen, closed_at=None, ref=ref)
    asks = asks.exclude(person__in=kept_from(request.user, timezone.now()))
    found = next(iter(signing.with_match(asks)), None)
    if found is None:
        raise Http404
    return found


@staff_page(Right.MATCH_EDIT)
def sheet(request, program, ref):
    """The whole text on paper, in the reader's language, with a code that leads back to it."""
    ask = ask_of(request, program, ref)
    require_printable(ask.agreement.match, timezone.now())
    language = language_for(ask.person, program, request.GET.get("in", ""))
    return said_in(language, print_sheet, request, program, ask, language)


def print_sheet(request, program, ask, language):
    back = request.build_absolute_uri(reverse("matches:record-signature", args=[program.slug, ask.ref]))
    context = {
        "ask": ask, "sections": sections_of(ask.agreement, language), "terms": terms_said(ask.agreement),
        "language": language, "languages": languages_of(program), "code": square(f"{back}?in={language}"),
        "pair": pair_for(ask, timezone.now()),
        "is_young": signing.is_young(ask, timezone.now()), "is_draft": ask.agreement.state == State.DRAFT,
    }  # fmt: skip
    return render(request, "matches/public/agreement/sheet.html", context)


@staff_page(Right.MATCH_EDIT)
def record_signature(request, program, ref):
    """What stands on the sheet, or was said with a witness. It counts like a pressed one."""
    at = timezone.now()
    ask = ask_of(request, program, ref)
    language = language_for(ask.person, program, request.GET.get("in", ""))
    match, today = ask.agreement.match, day_in(at, program.zone)
    people = [ask.person, *(one.person for one in [*match.mentors, *match.mentees])]
    form = forms.OnPaper(
        request.POST or None, is_young=signing.is_young(ask, at), program=program, people=people, at=at,
        earliest=ask.agreement.sent_at and day_in(ask.agreement.sent_at, program.zone),
        initial={"said_on": today, "way": "paper", "form_id": new_ref()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        signing.sign(ask, word_of(form.cleaned_data, language), by=request.user, at=at)
        kept(request, _("Written down. It counts from its day on, and can be taken back at any time."))
        return redirect("matches:agreement", program.slug, match.ref)
    return answer(request, "matches/record_signature.html", {"ask": ask, "match": match, "form": form}, form)


def word_of(said, language):
    return signing.Word(
        is_yes=said["say"] == "yes", way=said["way"], language=language, words=said["words"],
        read_with=said.get("read_with", ""), witness=said["witness"], kept_at=said["kept_at"], on=said["said_on"],
        form_id=said["form_id"],
    )  # fmt: skip


@staff_page(Right.MATCH_EDIT)
def unsigned(request, program):
    """Agreements that wait for signatures, with who is missing and by when all were to sign (`agreement-within`), and
    pairs past that day with none sent out at all. The oldest first; pages go on by key."""
    at = timezone.now()
    seen = Match.objects.visible_to(request.user, Right.MATCH_EDIT).filter(program=program, state__in=Match.ALIVE)
    rows = Agreement.objects.filter(program=program, state=State.OUT, match__in=seen)
    found, more = page_by_key(rows, request.GET.get("after", ""))
    matches = Match.objects.filter(pk__in=[one.match_id for one in found]).select_related("program", "coordinator")
    by_key, today = {match.pk: match for match in matches.with_people()}, day_in(at, program.zone)
    holds = set(Agreement.objects.filter(state=State.SIGNED, match__in=list(by_key)).values_list("match", flat=True))
    for one in found:
        one.match, one.follows = by_key[one.match_id], one.match_id in holds
        one.sign_by_on = None if one.follows else sign_by(one.match)
    missing, away = lacking(found, at) if found else {}, set(kept_from(request.user, at))
    pairs, more_pairs = page_by_key(without_one(seen, program, today), request.GET.get("pairs", ""))
    context = {
        "rows": [(one, [lack.without(away) for lack in missing[one.pk]]) for one in found], "more": more,
        "at": at, "today": today,
        "pairs": [(match, sign_by(match)) for match in pairs], "more_pairs": more_pairs,
    }  # fmt: skip
    return render(request, "matches/unsigned.html", context)


def page_by_key(rows, after):
    """So many of these rows, and after which key the next follow; None where these are the last."""
    rows = rows.order_by("pk")
    if after.isascii() and after.isdecimal() and len(after) < 15:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


@staff_page(Right.PROGRAM_EDIT)
def clauses(request, program):
    """The words of the sections, in each language; a change writes a new version, and asks nobody anew by itself."""
    at, rules = timezone.now(), {rule.code: rule for rule in clause_rules(program)}
    if not rules:
        raise Http404
    code, language = request.GET.get("code", ""), request.GET.get("language", "")
    chosen = (rules[code], language) if code in rules and language in languages_of(program) else None
    words = newest_rows(program)
    words = {(one.code, one.language): one for one in house_rows(program, at)} | words
    now = words.get((code, language))
    there = {"title": now.title if now else "", "words": now.words if now else "", "after": now.version if now else 0}
    form = forms.ClauseWords(request.POST or None, initial=there) if chosen else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            agreeing.write_clause(program, code=code, language=language, **form.cleaned_data, by=request.user, at=at)
            kept(request, _("Kept as a new version. Agreements that were sent or signed stay in their own words."))
            return redirect("matches:clauses", program.slug)
    rows = [(rule, [(one, words.get((rule.code, one))) for one in languages_of(program)]) for rule in rules.values()]
    context = {"rows": rows, "chosen": chosen, "form": form}
    return answer(request, "matches/clauses.html", context, *given(form))
