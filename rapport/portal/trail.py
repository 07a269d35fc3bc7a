"""Who did and who read what in a program, newest first. What a reader may not know of is absent."""

import re

from django import forms
from django.apps import apps
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.audit.models import Event
from rapport.core import places
from rapport.matches.models import Member
from rapport.people.models import Participant, kept_from
from rapport.people.scopes import close_to
from rapport.portal.reading import cut, matches_of, participants_of
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership
from rapport.safeguarding.models import Concern, TriageItem

PAGE = 50
OPEN, RESTRICTED, SEALED = 2, 3, 4
SETTINGS = "programs."  # changes of settings are told with their numbers
RECORD = re.compile(r"^([a-z]+\.[a-z]+):([0-9]{1,18})$")


class Find(forms.Form):
    who: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, required=False, label=lazy("Who"), empty_label=lazy("Everybody"),
        error_messages={"invalid_choice": lazy("Choose somebody of this program.")},
    )  # fmt: skip
    about = forms.RegexField(RECORD, required=False, widget=forms.HiddenInput)
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, program, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Membership.objects.staff().filter(program=program).values("user")
        self.fields["who"].queryset = User.objects.filter(pk__in=staff).order_by("name")

    def clean_before(self):
        """The key of the last row shown. It is hidden in the address, for keys tell of rows that are left out."""
        return places.find(self.cleaned_data["before"])


@staff_page(Right.AUDIT_VIEW)
def audit(request, program):
    at = timezone.now()
    form = Find(request.GET, program=program)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows, has_more = cut(narrowed(visible(request.user, program, at), wanted).order_by("-pk")[: PAGE + 1], PAGE)
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {
        "form": form,
        "rows": named(rows, request.user, program, at),
        "older": later(kept, rows[-1].pk) if has_more else "",
        "first": f"?{kept.urlencode()}" if wanted.get("before") else "",
        "is_narrow": bool(wanted.get("who") or wanted.get("about")),
    }
    return render(request, "portal/audit.html", context)


def later(kept, pk):
    kept = kept.copy()
    kept["before"] = places.hide(pk)
    return f"?{kept.urlencode()}"


def visible(user, program, at):
    """Events of this program that this user may know of.

    Level 3 for leads only; level 4 for leads, about worries and concerns they may see; the rest of it is absent.
    Who is close to somebody here, or kept away from them, sees only what they did themselves.
    """
    rows = Event.objects.filter(program_id=program.pk)
    if is_near(user, program, at):
        return rows.filter(level__lte=OPEN, actor_id=user.pk, actor_label__startswith="user: ")
    if not leads(user, program, at):
        return rows.filter(level__lte=OPEN)
    sealed = Q(pk=None)
    for model in (Concern, TriageItem):
        seen = model.objects.filter(program=program).visible_to(user, at).values("pk")
        sealed |= Q(about_type=model._meta.label_lower, about_id__in=seen)
    return rows.filter(Q(level__lte=RESTRICTED) | Q(level=SEALED) & sealed)


def leads(user, program, at):
    return Membership.objects.live(at).filter(
        user=user, program=program, role__grants__right=Right.CONCERN_LEAD
    ).exists()  # fmt: skip


def is_near(user, program, at):
    """Whether somebody here is this user, their child, or somebody they are kept away from."""
    people = Q(person__in=close_to(user)) | Q(person__in=kept_from(user, at))
    return Participant.objects.filter(people, program=program).exists()


def narrowed(rows, wanted):
    if wanted.get("who"):
        rows = rows.filter(actor_id=wanted["who"].pk, actor_label__startswith="user: ")
    if wanted.get("about"):
        kind, pk = RECORD.fullmatch(wanted["about"]).groups()
        rows = rows.filter(about_type=kind, about_id=int(pk))
    if wanted.get("before"):
        rows = rows.filter(pk__lt=wanted["before"])
    return rows


def named(rows, user, program, at):
    """Each event with words for who, what and which record; names only of records this reader may open."""
    names = names_of(rows, user, program, at)
    for row in rows:
        row.who = row.actor_label.partition(": ")[2] or row.actor_label
        row.did = row.verb.replace(".", " ").replace("-", " ")
        row.name, row.url = names.get((row.about_type, row.about_id), ("", ""))
        row.kind_name = kind_name(row.about_type)
        row.numbers = row.facts if row.about_type.startswith(SETTINGS) else {}
    return rows


def names_of(rows, user, program, at):
    """Names and addresses of the participants and matches among these, as far as this reader reaches them."""

    def ids(kind):
        return {row.about_id for row in rows if row.about_type == kind}

    found = {}
    people = participants_of(user, program, at).filter(pk__in=ids("people.participant")).select_related("person")
    for one in people:
        found["people.participant", one.pk] = one.person.full_name, one.ref
    matches = matches_of(user, program, at).filter(pk__in=ids("matches.match"))
    refs = dict(matches.values_list("pk", "ref"))
    members = Member.objects.filter(match__in=refs).select_related("participant__person").order_by("side", "pk")
    for member in members:
        key = "matches.match", member.match_id
        before = found.get(key, ("", ""))[0]
        name = member.participant.person.first_name
        found[key] = f"{name}, {before}" if before else name, refs[member.match_id]
    return found


def kind_name(label):
    try:
        return apps.get_model(label)._meta.verbose_name if label else ""
    except LookupError:
        return label.partition(".")[2]
