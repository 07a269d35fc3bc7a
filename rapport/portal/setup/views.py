"""The steps of setting up a program. Each page keeps what it was told in the draft, and leads to the next."""

from decimal import Decimal
from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.languages import OF_STAFF, said_in
from rapport.core.months import day_in
from rapport.portal import program_file
from rapport.portal.setup import forms, making
from rapport.portal.setup.draft import STEPS, Draft
from rapport.programs.doors import signed_in_page
from rapport.programs.missing import of_roles, of_sites
from rapport.programs.models import GateRule, Organization, Promise, Site
from rapport.programs.words import promised

NAMES = {
    "start": lazy("What kind"), "own": lazy("Name and days"), "sites": lazy("Sites"),
    "rules": lazy("Promises and numbers"), "people": lazy("Who works here"), "check": lazy("Read once more"),
}  # fmt: skip


def setup_page(step):
    """A step of the set-up, for who may make a program. It opens when the steps before it are done."""

    def guard(view):
        @signed_in_page
        @wraps(view)
        def page(request):
            if not making.may_found(request.user, timezone.now()):
                raise Http404
            draft = Draft(request.session)
            before = STEPS[: STEPS.index(step)]
            if missing := next((one for one in before if one not in draft.done), ""):
                return redirect(f"portal:new-{missing}")
            return said_in(OF_STAFF, view, request, draft)

        return page

    return guard


def shown(request, step, draft, **context):
    steps = [(one, NAMES[one], one in draft.done, one == step) for one in STEPS]
    return render(request, f"portal/setup/{step}.html", {"steps": steps, "draft": draft, **context})


def onward(draft, step):
    """Keep what was said, and go to the next page: the first that is not done, or the last."""
    draft.keep(step)
    return redirect(f"portal:new-{draft.missing or 'check'}")


@setup_page("start")
def start(request, draft):
    """Choose a profile, or bring a file."""
    is_file = "upload" in request.POST
    told = request.POST if request.method == "POST" and not is_file else None
    chosen = forms.Start(told, initial={"profile": draft.words.get("profile")})
    upload = forms.Upload(request.POST if is_file else None, request.FILES if is_file else None)
    if request.method == "POST" and not is_file and chosen.is_valid():
        draft.begin(chosen.cleaned_data["profile"])
        return onward(draft, "start")
    wrong = []
    if is_file and upload.is_valid():
        file = upload.cleaned_data["file"]
        try:
            draft.begin_from_file(program_file.read_bytes(file.read(program_file.LARGEST + 1), file.name[-60:]))
        except program_file.FileWrong as refusal:
            wrong = refusal.sentences
        else:
            return onward(draft, "start")
    profiles = [(option, forms.WHAT_FOR.get(str(option.data["value"]), "")) for option in chosen["profile"]]
    return shown(request, "start", draft, form=chosen, upload=upload, profiles=profiles, wrong=wrong)


@setup_page("own")
def own(request, draft):
    """Name, zone, languages, first day, quiet start."""
    house = Organization.objects.order_by("pk").first() or Organization()
    zone = draft.words.get("time_zone", house.time_zone)
    today = day_in(timezone.now(), draft.as_program().zone)
    now = {"languages": house.languages or ["en"], "time_zone": zone, "using_since_on": today}
    now |= {name: draft.words[name] for name in forms.Own.base_fields if name in draft.words} | {"slug": draft.slug}
    form = forms.Own(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        draft.slug = said.pop("slug")
        draft.words |= said
        return onward(draft, "own")
    return shown(request, "own", draft, form=form)


@setup_page("sites")
def sites(request, draft):
    """Where pairs meet, and whom to call there in an emergency."""
    formset = forms.Sites(request.POST or None, initial=draft.words.get("site", []))
    if request.method == "POST" and formset.is_valid():
        draft.words["site"] = formset.rows
        names = {row["name"] for row in formset.rows}
        draft.words["closed"] = [row for row in draft.words.get("closed", []) if row.get("site", "") in {"", *names}]
        if "more" in request.POST:
            draft.keep("sites")
            return redirect("portal:new-sites")
        return onward(draft, "sites")
    return shown(request, "sites", draft, formset=formset)


@setup_page("rules")
def rules(request, draft):
    """Promises and limits, each with where it comes from."""
    form = forms.Rules(request.POST or None, words=draft.words)
    if request.method == "POST" and form.is_valid():
        draft.words = form.applied()
        for sentence in draft.wrong():
            form.add_error(None, sentence)
        if form.is_valid():
            return onward(draft, "rules")
    return shown(request, "rules", draft, form=form)


@setup_page("people")
def people(request, draft):
    """Who coordinates, and who leads on safeguarding."""
    form = forms.People(request.POST or None, initial=draft.people or {"is_coordinator": True}, by=request.user)
    if request.method == "POST" and form.is_valid():
        draft.people = form.cleaned_data
        return onward(draft, "people")
    return shown(request, "people", draft, form=form)


@setup_page("check")
def check(request, draft):
    """Everything once more, with what is missing; then it is made."""
    wrong = draft.wrong()
    if request.method == "POST" and not wrong:
        program = making.make(draft, by=request.user, at=timezone.now())
        draft.drop()
        said = _("%(program)s is made. Nobody was written to but those you invited.")
        messages.success(request, said % {"program": program})
        return redirect("portal:program", program.slug)
    program = draft.as_program()
    told = draft.people
    coordinates = told.get("is_coordinator") or told.get("coordinator_email")
    roles = {"coordinator": coordinates, "safeguarding-lead": told.get("lead_email")}
    places = [Site(**row) for row in draft.words.get("site", [])]
    context = {
        "made": program,
        "promises": [(rule, promised(rule)) for rule in map(a_promise, draft.words.get("promise", []))],
        "gates": [GateRule(**row) for row in draft.words.get("gate", [])],
        "sites": places,
        "wrong": wrong,
        "warnings": [*of_roles({slug for slug, is_there in roles.items() if is_there}), *of_sites(places)],
    }
    return shown(request, "check", draft, **context)


def a_promise(row):
    """An unsaved promise, for its words."""
    hours = row.get("hours_a_month")
    return Promise(**{**row, "hours_a_month": None if hours is None else Decimal(str(hours))})
