"""The page of a letter with an agreement, without signing in. GET shows and changes nothing; POST acts.

It tells nobody who else was asked or has signed, and never shows what was said before.
"""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.matches import agreement_calls as calls
from rapport.matches.actions import signing
from rapport.matches.agreement import still_theirs
from rapport.matches.agreement_forms import Sign, WordsFor
from rapport.matches.clauses import hash_of, said_anew, sections_of, settled_anew
from rapport.matches.models import Agreement, SignAsk, Signature, SignedBy
from rapport.matches.term_words import terms_said
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page, must_press_again, renew
from rapport.people.models import Consent
from rapport.people.questions import refused

PURPOSE = "agreement"
PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does
FOLDER = "matches/public/agreement"


def ask_of(link, at):
    """The ask that a link opens. Whoever may no longer sign meets what a stranger meets."""
    asks = SignAsk.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id, closed_at=None)
    found = next(iter(signing.with_match(asks)), None)
    return found if found and still_theirs(found, at) else None


def run_out(request, link, found, at):
    """A link that no longer opens anything. One whose time ran out may be asked for anew, to the address on file."""
    if link.closed_at is not None:
        if found.agreement.state == Agreement.State.REPLACED:
            return replaced(request, found)
        raise Http404
    return renew(request, link, partial(signing.send_new_link, found, at=at)) or told(request, found, "new-link")


def slowly(request, link, found, at):
    return told(request, found, "slowly")


def replaced(request, found):
    return told(request, found, "replaced", status=409 if request.method == "POST" else 200)


@link_page(PURPOSE, ask_of, run_out=run_out, presses=PRESSES, slowly=slowly)
def ask(request, link, found, at):
    if found.agreement.state == Agreement.State.REPLACED:
        return replaced(request, found)
    if before_it_starts(request):
        return render(request, f"{FOLDER}/start.html", context(found))
    return act(request, link, found, at) if request.method == "POST" else show(request, found, at)


def act(request, link, found, at):
    """One press: a yes or a no, words for a part of it, or one of the buttons that say something else instead."""
    instead = request.POST.get("instead", "")
    if instead == "not-me":
        signing.not_them(found, at=at)
    elif instead == "talk":
        calls.call(found, calls.CALL_ME, cause="talk", at=at)
    else:
        return answer(request, link, found, at, propose if instead == "words" else sign)
    return told(request, found, instead)


def answer(request, link, found, at, deed):
    """Look at what was typed, and let no machine press; then the deed itself."""
    name = "wish" if deed is propose else "form"
    forms = forms_of(found, at, request.POST, deed)
    if not forms[name].is_valid():
        return show(request, found, at, forms, status=422)
    if must_press_again(request, link, at):
        return show(request, found, at, forms, again=True, status=409)
    try:
        deed(found, forms[name].cleaned_data, link, at)
    except signing.Replaced:
        return told(request, found, "replaced", status=409)
    except Refused as refusal:
        return show(request, found, at, forms_of(found, at), refusal=refusal, status=409)
    return told(request, found, "words" if deed is propose else "thanks")


def sign(found, said, link, at):
    word = signing.Word(
        is_yes=said["say"] == "yes", way="link", language=get_language(), read=said["read"], words=said["words"],
        read_with=said.get("read_with", ""), form_id=said["form_id"],
    )  # fmt: skip
    signing.sign(found, word, link=link, by=found.person, at=at)


def propose(found, said, _link, at):
    form_id = f"{found.ref}:{said['form_id'] or new_ref()}"
    signing.propose(found, section=said["section"], words=said["wish"], form_id=form_id, by=found.person, at=at)


def forms_of(found, at, data=None, deed=None):
    language = get_language()
    sections = sections_of(found.agreement, language)
    fresh = {"read": hash_of(found.agreement, language, sections), "form_id": new_ref()}
    young = signing.is_young(found, at)
    return {
        "form": Sign(data if deed is sign else None, is_young=young, initial=fresh),
        "wish": WordsFor(data if deed is propose else None, sections=sections),
        "sections": sections,
    }


def page_of(found, at, forms=None):
    """What the page tells: the whole text, and what its reader may do. Their own words come back with their answer;
    never to a child, whose page others may look at."""
    forms = forms or forms_of(found, at)
    young = signing.is_young(found, at)
    mine = found.agreement.proposals.filter(person=found.person).exclude(fate="")
    return {
        "pair": pair_for(found, at), "agreement": found.agreement, "terms": terms_said(found.agreement),
        "is_draft": found.agreement.state == Agreement.State.DRAFT, "may_propose": found.party != SignedBy.GUARDIAN,
        "answered": [] if young else list(mine), "is_young": young, "news": news_for(found), **forms,
    }  # fmt: skip


def news_for(found):
    """What is otherwise than in the version this very person said yes to last; None where they said yes to none.

    Why it was changed stays with the staff: they may have heard it in confidence.
    """
    newer = found.agreement
    signed = Agreement.objects.filter(match=newer.match_id, number__lt=newer.number).exclude(
        state=Agreement.State.DRAFT
    )
    theirs = Signature.objects.last_counted().filter(person=found.person, is_yes=True)
    older = signed.filter(pk__in=theirs.values("agreement")).order_by("-number").first()
    if older is None:
        return None
    parts = [(now or was).title for was, now in said_anew(older, newer, get_language())]
    return {"settled": settled_anew(older, newer), "parts": parts}


def pair_for(found, at):
    """The pair by first names; to a mentor, of a mentee who is not to be named, who they are."""
    match = found.agreement.match
    if found.party != SignedBy.MENTOR:
        return match.title
    unnamed = refused(
        Consent.Purpose.SHARE_BASICS, [one.person_id for one in match.mentees], program=match.program, at=at
    )
    if not unnamed:
        return match.title
    mentees = [_("your mentee") if one.person_id in unnamed else one.person.first_name for one in match.mentees]
    return _(" and ").join([*(one.person.first_name for one in match.mentors), *mentees])


def show(request, found, at, forms=None, *, again=False, refusal=None, status=200):
    more = page_of(found, at, forms) | {"press_again": again, "refusal": refusal}
    return render(request, f"{FOLDER}/page.html", context(found) | more, status=status)


def told(request, found, what, *, status=200):
    return render(request, f"{FOLDER}/told.html", context(found) | {"what": what}, status=status)
