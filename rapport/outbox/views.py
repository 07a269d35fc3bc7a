"""What waits to go out, exactly as people would get it, and what went."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.notices import kept
from rapport.outbox import actions
from rapport.outbox.kinds import KINDS, always_waiting
from rapport.outbox.looking import Look
from rapport.outbox.models import LetGo, Message, called
from rapport.outbox.preview import open_to, previews, waiting_in, without_barred
from rapport.people.models import Person
from rapport.people.names import called as named
from rapport.programs.doors import staff_page

PAGE = 25
SENT_PAGE = 50
SHOWN_FOR = timedelta(days=30)


@staff_page(Right.MESSAGE_VIEW)
def held(request, program):
    """What waits under quiet start, by kind and by person; each message as the person would get it."""
    at = timezone.now()
    waiting = waiting_in(program, request.user, at)
    kinds = kinds_of(waiting)
    wanted = wanted_from(request.GET)
    shown = narrowed(waiting, wanted)
    if after := places.find(request.GET.get("after")):
        shown = shown.filter(pk__gt=after)
    rows = messages_of(shown.order_by("pk")[: PAGE + 1])
    context = {
        "kinds": kinds,
        "all": sum(n for _kind, n in kinds),
        "rows": previews(rows[:PAGE], request.user, at),
        "older": address(wanted, after=places.hide(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        "newer": address(wanted) if after else "",
        "let_go": LetGo.objects.live().filter(program=program).select_related("by").order_by("pk"),
        "may_release": Right.MESSAGE_RELEASE in request.rights_of_staff,
        "may_end": request.has_right(Right.PROGRAM_EDIT),
        **wanted,
        **what_may_go(waiting, wanted),
    }
    kind = KINDS.get(wanted["kind"])
    is_let_go = wanted["kind"] in {row.kind for row in context["let_go"]}
    context["may_let_go"] = bool(kind and program.quiet_start and not (is_let_go or kind.always_waits))
    return render(request, "outbox/held.html", context)


def wanted_from(query):
    """What one looks for: a kind, a person, a name."""
    return {name: query.get(name, "").replace("\0", "").strip()[:60] for name in ("kind", "to", "name")}


def address(wanted, **more):
    return "?" + urlencode({name: value for name, value in {**wanted, **more}.items() if value})


def narrowed(waiting, wanted):
    if wanted["kind"]:
        waiting = waiting.filter(kind=wanted["kind"])
    if wanted["to"]:
        waiting = waiting.filter(to__ref=wanted["to"])
    for word in wanted["name"].split()[:3]:
        waiting = waiting.filter(named(word, Person.objects, of="to"))
    return waiting


def messages_of(rows):
    return list(rows.select_related("program", "to", "about_type"))


def what_may_go(waiting, wanted):
    """How many a press lets go, and up to which one: what comes later was on no page, and waits for another look.

    `one_by_one`: how many stay whatever is pressed for all, as each of them is read before it leaves.
    """
    may_go = ~Q(kind__in=always_waiting())
    number = Count("pk", filter=may_go)
    said = narrowed(waiting, wanted).aggregate(number=number, last=Max("pk", filter=may_go), all=Count("pk"))
    until = places.hide(said["last"]) if said["last"] else ""
    return {"number": said["number"], "until": until, "one_by_one": said["all"] - said["number"]}


@staff_page(Right.MESSAGE_VIEW)
def message(request, program, place):
    """One waiting message in full: whom it reaches and where, in which language, and every word of it."""
    at = timezone.now()
    found = waiting_message(request, program, place, at)
    shown = previews([found], request.user, at)[0]
    kind = KINDS.get(found.kind)
    has_page = bool(shown.subject and kind and kind.link and kind.link.shows)
    may_release = Right.MESSAGE_RELEASE in request.rights_of_staff
    return render(request, "outbox/message.html", {"shown": shown, "has_page": has_page, "may_release": may_release})


@staff_page(Right.MESSAGE_VIEW)
def behind(request, program, place):
    """The page behind the link of one waiting message, as its person will see it; nothing on it can be pressed."""
    at = timezone.now()
    found = waiting_message(request, program, place, at)
    kind = KINDS.get(found.kind)
    if request.method not in ("GET", "HEAD") or not (kind and kind.link and kind.link.shows):
        raise Http404
    words = _("This is what %(name)s will see behind the link. Nothing on it can be pressed here, and nothing is kept.")
    back = reverse("outbox:message", args=[program.slug, place])
    look = Look(words % {"name": found.to.first_name}, [(back, _("Back to the letter"))])
    page = kind.link.shows(request, found, at, look)
    if page is None:
        raise Http404
    return page


def waiting_message(request, program, place, at):
    """A message that waits here and that this reader may read. Raises Http404."""
    rows = waiting_in(program, request.user, at).filter(pk=places.find(place) or 0)
    rows = without_barred(messages_of(rows), request.user, at)
    if not rows:
        raise Http404
    return rows[0]


@staff_page(Right.MESSAGE_RELEASE)
def release(request, program):
    """Let go: one message, those ticked, all of a kind or to a person, or all that stood on the page."""
    if request.method != "POST":
        raise Http404
    at = timezone.now()
    waiting = waiting_in(program, request.user, at)
    chosen = chosen_of(waiting, request.POST)
    let_out = actions.release_all if request.POST.get("do") == "all" else actions.release
    released = let_out(chosen, by=request.user, at=at) if chosen is not None else 0
    kept(request, released_words(released) if chosen is not None else _("Nothing was chosen, so nothing goes out."))
    return redirect("outbox:held", program.slug)


def chosen_of(waiting, said):
    """The messages that a press means; None where it means nothing."""
    if said.get("do") == "all":
        until = places.find(said.get("until"))
        return narrowed(waiting, wanted_from(said)).filter(pk__lte=until) if until else None
    keys = [places.find(said["one"])] if said.get("one") else map(places.find, said.getlist("message"))
    keys = [key for key in keys if key]
    return waiting.filter(pk__in=keys) if keys else None


def released_words(n):
    words = ngettext("%(n)d message goes out now.", "%(n)d messages go out now.", n) % {"n": n}
    return words if n else _("What you chose does not wait any more. Nothing goes out twice.")


@staff_page(Right.MESSAGE_RELEASE)
def let_go(request, program):
    """Let a kind go from now on, with those that stood on the page."""
    if request.method != "POST":
        raise Http404
    at, name = timezone.now(), request.POST.get("kind", "").replace("\0", "")[:60]
    looked_at = open_to(request.user, Message.objects.filter(program=program), at)
    seen = looked_at.filter(pk=places.find(request.POST.get("seen")) or 0).first()
    try:
        actions.let_kind_go(name, program=program, seen=seen, by=request.user, at=at)
    except (actions.NobodyLooked, actions.ReadOneByOne) as refusal:
        messages.error(request, str(refusal))
        return redirect("outbox:held", program.slug)
    shown = {"do": "all", "kind": name, "until": request.POST.get("until")}
    waiting = chosen_of(waiting_in(program, request.user, at), shown)
    released = actions.release_all(waiting, by=request.user, at=at) if waiting is not None else 0
    said = _("From now on this goes out by itself: %(kind)s.") % {"kind": called(name)}
    kept(request, f"{said} {released_words(released)}" if released else said)
    return redirect("outbox:held", program.slug)


@staff_page(Right.MESSAGE_RELEASE)
def hold(request, program):
    """A kind that was let go waits again."""
    if request.method != "POST":
        raise Http404
    kind = request.POST.get("kind", "").replace("\0", "")[:60]
    held_again = actions.hold_kind_again(kind, program=program, by=request.user, at=timezone.now())
    kept(request, _("This kind waits again from now on.") if held_again else _("This kind waits already."))
    return redirect("outbox:held", program.slug)


@staff_page(Right.MESSAGE_RELEASE)
def quiet(request, program):
    """The end of quiet start, with what would then leave; or its beginning."""
    if not request.has_right(Right.PROGRAM_EDIT):
        raise Http404
    at = timezone.now()
    waiting = waiting_in(program, request.user, at)
    if request.method == "POST":
        kept(request, quiet_said(request, program, waiting, at))
        return redirect("outbox:held", program.slug)
    everything = wanted_from({})
    kinds = kinds_of(waiting)
    rows = messages_of(waiting.order_by("pk")[:PAGE])
    context = {"kinds": kinds, "all": sum(n for _kind, n in kinds), "rows": previews(rows, request.user, at)}
    return render(request, "outbox/quiet.html", context | what_may_go(waiting, everything))


def quiet_said(request, program, waiting, at):
    """One press on that page, and the sentence that tells what came of it."""
    what = request.POST.get("do")
    if what == "begin":
        actions.begin_quiet(program, by=request.user, at=at)
        return _("From now on everything waits until somebody releases it.")
    if what not in ("end", "end-and-release"):
        return _("Nothing was chosen, so nothing has changed.")
    chosen = chosen_of(waiting, {"do": "all", "until": request.POST.get("until")}) if what != "end" else None
    ended, released = actions.end_quiet(program, waiting=chosen, by=request.user, at=at)
    said = _("Quiet start is over. From now on everything goes out by itself.")
    return f"{said} {released_words(released)}" if ended and released else said


@staff_page(Right.MESSAGE_RELEASE)
def sent(request, program):
    """What was sent in the last 30 days, and what became of it; never its words."""
    at = timezone.now()
    gone = Message.objects.filter(program=program, state__in=Message.FINAL, final_at__gt=at - SHOWN_FOR)
    gone = open_to(request.user, gone, at)
    if before := places.find(request.GET.get("before")):
        gone = gone.filter(pk__lt=before)
    rows, place = places.cut(gone.select_related("to").order_by("-pk"), SENT_PAGE)
    older = f"?before={place}" if place else ""
    shown = without_barred(rows, request.user, at)
    return render(request, "outbox/sent.html", {"rows": shown, "older": older})


def kinds_of(waiting):
    """(kind, how many wait), most first."""
    rows = waiting.order_by().values_list("kind").annotate(n=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))
