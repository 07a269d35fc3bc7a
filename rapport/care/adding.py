"""A task by hand: what, who, by when, about which pair and which of them."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.care.closing import people_to_talk_with
from rapport.care.knowing import Thing, touched_by
from rapport.care.rest import own_matches
from rapport.core.about import type_of
from rapport.core.fields import Day, OneLine
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.matches.models import Match
from rapport.people.colleagues import who_may_know
from rapport.people.models import Person
from rapport.programs.doors import staff_page
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.days import of_day
from rapport.tasks.views import sent

MOST = 200  # pairs offered; further ones are reached from their own page


class NewTaskForm(forms.Form):
    """What is to be done. The page says which pairs and colleagues there are to choose from."""

    form_id = forms.SlugField(widget=forms.HiddenInput, max_length=40)
    what = OneLine(label=lazy("What is to be done"), most=200, error_messages={"required": lazy("What is to be done?")})
    on = Day(label=lazy("By when"))
    match = forms.ChoiceField(label=lazy("About which pair"), required=False)
    owner: forms.ModelChoiceField = forms.ModelChoiceField(
        label=lazy("Who does it"), queryset=None, empty_label=None,
        help_text=lazy(
            "Whoever is not here has no desk in this program, or it is about them or somebody a rule keeps them from."
        ),
    )  # fmt: skip

    def __init__(self, *args, pairs, colleagues, today, may_know, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_know = may_know
        self.pairs = {pair.ref: pair for pair in pairs}
        titles = [(ref, pair.title) for ref, pair in self.pairs.items()]
        self.fields["match"].choices = [("", _("nobody in particular")), *titles]
        self.fields["owner"].queryset = colleagues
        self.fields["on"].earliest = today

    def clean(self):
        """Not everybody who may know of the person may know of the pair; the same words, whatever the reason."""
        said = super().clean()
        pair, owner = self.pairs.get(said.get("match")), said.get("owner")
        if pair and owner and not self.may_know(pair).filter(pk=owner.pk).exists():
            self.add_error("owner", _("Choose somebody else for this pair."))
        return said


@staff_page(Right.TASK_DO)
def add(request, program):
    at = timezone.now()
    person, match = whom(request, program, at), one_pair(request, program, at)
    form = NewTaskForm(
        sent(request), pairs=pairs_of(request.user, program, match, at),
        colleagues=who_may_know(touched(person, None), program, at), today=day_in(at, program.zone),
        may_know=lambda pair: who_may_know(touched(person, pair), program, at),
        initial={"form_id": new_ref(), "owner": request.user, "match": match.ref if match else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        add_tasks([task(form, person, request.user, program)], by=request.user, at=at)
        kept(request, _("It stands on the desk of %(who)s.") % {"who": form.cleaned_data["owner"]})
        return redirect("care:today", program.slug)
    return render(request, "care/add.html", {"form": form, "person": person}, status=422 if form.errors else 200)


def touched(person, pair):
    """Whom a task to this person and about this pair would touch."""
    thing = Thing(person.pk if person else None, type_of(pair).pk if pair else None, pair.pk if pair else None)
    return touched_by([thing])[thing]


def whom(request, program, at):
    """The person named in the address, within the reader's reach; none is none."""
    ref = plain(request.GET.get("person", ""))
    if not ref:
        return None
    person = people_to_talk_with(request.user, program, at, among=Person.objects.filter(ref=ref)).first()
    if person is None:
        raise Http404
    return person


def plain(ref):
    """A ref as it was typed into the address; what is none at all leads nowhere."""
    if ref and not ref.isalnum():
        raise Http404
    return ref


def one_pair(request, program, at):
    """The pair named in the address, within the reader's reach; none is none."""
    ref = plain(request.GET.get("match", ""))
    if not ref:
        return None
    seen = Match.objects.filter(program=program).visible_to(request.user, Right.MATCH_VIEW, at)
    match = seen.filter(ref=ref).with_people().first()
    if match is None:
        raise Http404
    return match


def pairs_of(user, program, match, at):
    """The reader's own open pairs, and the one they came from."""
    own = list(own_matches(user, program, at).with_people().order_by("pk")[:MOST])
    return own if match is None or match in own else [match, *own]


def task(form, person, user, program):
    data = form.cleaned_data
    return NewTask(
        program=program, kind="care/by-hand", owner=data["owner"], person=person, about=form.pairs.get(data["match"]),
        reason=data["what"], cause_key=f"hand:{user.pk}:{data['form_id']}", **of_day(data["on"], program.zone),
    )  # fmt: skip
