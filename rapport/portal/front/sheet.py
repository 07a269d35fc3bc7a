"""The own page on paper: whom to turn to, and the same doors as ticks; and writing down what came back.

It counts like a press. A worry on a sheet goes the same way, in the same transaction.
"""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.checkins.models import Answer
from rapport.core.codes import square
from rapport.core.fields import Words
from rapport.core.languages import OF_STAFF, known, said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.outbox import links
from rapport.people.forms import HowItCame
from rapport.people.models import Person, kept_from
from rapport.portal import actions
from rapport.portal.front.reached import reached_by
from rapport.portal.mine import page_by_link, page_of
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page

KINDS = {"talk": actions.TALK, "not-working": actions.NOT_WORKING, "another": actions.ANOTHER}


class NoCodeHere(Refused):
    """The page behind the code tells more than whoever would print it may know. It says no more than that."""

    sentence = lazy("No code can be printed here just now. The sheet without one counts the same.")


class Written(HowItCame):
    """What is ticked on the sheet, or was said."""

    form_id = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    about = forms.ChoiceField(label=lazy("About whom"), required=False)
    told = forms.MultipleChoiceField(
        label=lazy("What they ask for"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("talk", lazy("They would like to talk")), ("not-working", lazy("It isn't working")),
                 ("another", lazy("They would rather talk with somebody else than their usual person"))],
    )  # fmt: skip
    worry = forms.ChoiceField(
        label=lazy("Does something worry them?"), required=False, widget=forms.RadioSelect,
        choices=[("", lazy("Nothing is ticked")), (Answer.Worry.YES, lazy("Yes")),
                 (Answer.Worry.NOT_SURE, lazy("Not sure"))],
    )  # fmt: skip
    words = Words(label=lazy("Their words on what worries them"), required=False)

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        self.page = page
        pairs = [(place, pair) for place in page["places"] for pair in place.pairs or [None]]
        self.choices = {f"{place.one.ref}:{pair.match.ref if pair else ''}": (place, pair) for place, pair in pairs}
        self.fields["about"].choices = [(key, named(*chosen)) for key, chosen in self.choices.items()]
        if len(self.choices) < 2:
            del self.fields["about"]

    def clean(self):
        said = super().clean()
        is_worry = bool(said.get("worry") or said.get("words"))
        if not self.errors and not said.get("told") and not is_worry:
            self.add_error("told", _("Choose something first: nothing on this page was filled in."))
        place, pair = self.choices.get(said.get("about", ""), next(iter(self.choices.values())))
        if is_worry and place.duty is None:
            self.add_error("worry", _("Nobody is named yet who reads worries here. Raise a concern by hand instead."))
        said |= {"place": place, "match": pair.match if pair else None, "is_worry": is_worry}
        return said


def named(place, pair):
    name = place.one.person.first_name
    return f"{name} · {', '.join(pair.names)}" if pair else name


def reached(request, program, ref, at):
    """Somebody's page, cut to what this reader talks with people about; nobody writes down their own."""
    others = Person.objects.exclude(user=request.user).exclude(pk__in=kept_from(request.user, at))
    person = get_object_or_404(others, ref=ref)
    seen = participants_of(request.user, program, at, Right.TALK)
    rows = reached_by(person, at).filter(program=program, pk__in=seen.values("pk"))
    page = page_of(person, list(rows), at)
    if not page["places"]:
        raise Http404
    return person, page


def opens_no_more(person, page, user, at):
    """Whether the page that a code opens is no more than what this reader sees of it."""
    whole = page_by_link(person, page["places"][0].program, at)
    pairs = [pair.match for place in whole["places"] for pair in place.pairs]
    people = {member.participant.person_id for match in pairs for member in match.members.all()}
    same = {place.one.pk for place in whole["places"]} == {place.one.pk for place in page["places"]}
    return same and not people & {*kept_from(user, at)}


@staff_page(Right.TALK)
def sheet(request, program, ref):
    """Their page to hold in the hand. A press prints it with a code that opens the page itself."""
    at = timezone.now()
    person, page = reached(request, program, ref, at)
    back = request.build_absolute_uri(reverse("portal:own-written", args=[program.slug, ref]))
    context = {**page, "code": square(back), "ref": person.ref, "door": ""}
    if request.method == "POST":
        if not opens_no_more(person, page, request.user, at):
            raise NoCodeHere(person)
        token = actions.print_own_page(person, program=program, by=request.user, at=at)
        context["door"] = square(links.address("portal:by-link", token))
    language = person.language if known(person.language) else OF_STAFF
    response = said_in(language, render, request, "portal/public/own_sheet.html", context)
    response["Cache-Control"] = "no-store"
    return response


@staff_page(Right.TALK)
def written(request, program, ref):
    """What stands on the sheet, or was said: kept as their word."""
    at = timezone.now()
    person, page = reached(request, program, ref, at)
    people = [person, *(place.one.person for place in page["places"])]
    first = {"form_id": new_ref(), "way": "paper", "said_on": day_in(at, program.zone)}
    form = Written(request.POST or None, page=page, program=program, people=people, at=at, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        actions.write_down(
            person, [KINDS[one] for one in typed["told"]], one=typed["place"].one, match=typed["match"],
            usual=typed["place"].contact, worry=typed["worry"] if typed["is_worry"] else None, words=typed["words"],
            form_id=typed["form_id"] or new_ref(), how=typed["way"], said_on=typed["said_on"],
            witness=typed["witness"], by=request.user, at=at,
        )  # fmt: skip
        kept(request, _("Written down, as the word of %(name)s.") % {"name": person.first_name})
        return redirect("portal:own-written", program.slug, ref)
    context = {"form": form, "person": person, "ref": ref}
    return render(request, "portal/own_written.html", context, status=422 if form.errors else 200)
