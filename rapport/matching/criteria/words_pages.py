"""The words a program uses for skills, interests and the like; and what people told that is in no list yet."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.fields import OneLine, Words
from rapport.core.notices import kept
from rapport.core.seen import seen_field
from rapport.matching import actions
from rapport.matching.criteria import known, vocabulary
from rapport.matching.models import WordList
from rapport.people.models import Participant
from rapport.programs.actions import ChangedMeanwhile
from rapport.programs.doors import staff_page

Trait = WordList.Trait
SHOWN = 20  # lines in which two lists differ


class OneList(forms.Form):
    """One list as text: a word on each line."""

    words = Words(
        label=lazy("One word on each line"), most=40_000, rows=6, required=False,
        help_text=lazy("Others that mean the same stand after =, such as: Spreadsheets = Excel; Calc"),
    )  # fmt: skip
    source = OneLine(label=lazy("Where the list comes from"), most=300)
    seen = seen_field()

    def clean_words(self):
        text = self.cleaned_data["words"]
        if words := vocabulary.wrong(text):
            raise forms.ValidationError(words)
        return text

    def show_beside(self, now):
        """Say what differs from what a colleague kept meanwhile; pressed once more, what is typed is kept."""
        there, here = vocabulary.apart(now.words, self.cleaned_data["words"])
        told = [
            (_("There now, and not in yours"), some_of(there)),
            (_("In yours, and not there now"), some_of(here)),
            (_("Where it comes from, there now"), now.source if now.source != self.cleaned_data["source"] else ""),
        ]
        self.differs = [row for row in told if row[1]]
        self.data = self.data.copy()
        self.data["seen"] = actions.as_it_stands(now)


def some_of(lines):
    return ", ".join(lines[:SHOWN]) + (" …" if len(lines) > SHOWN else "")


@staff_page(Right.MATCHING_RUN)
def word_lists(request, program):
    """All lists with how often each word was told; whoever may change settings writes them."""
    may_edit = request.has_right(Right.PROGRAM_EDIT) and not program.archived_at
    posted = request.POST.get("trait", "") if request.method == "POST" else ""
    if request.method == "POST" and (not may_edit or posted not in Trait.values):
        raise Http404
    rows = {row.trait: row for row in program.word_lists.all()}
    forms_of = {trait: form_of(request, trait, rows.get(trait), posted) for trait in Trait}
    status, typed = 422 if posted else 200, forms_of.get(posted)
    if posted and typed.is_valid():
        try:
            return keep(request, program, posted, typed.cleaned_data)
        except ChangedMeanwhile as refusal:
            rows[posted], status = refusal.about, 409
            typed.show_beside(refusal.about)
    lists = [(trait, form, rows.get(trait)) for trait, form in forms_of.items()]
    context = {"lists": with_told(lists, request.user, program), "may_edit": may_edit}
    return render(request, "matching/words.html", context, status=status)


def keep(request, program, trait, said):
    changed = actions.keep_words(program, trait=trait, **said, by=request.user, at=timezone.now())
    kept(request, _("Kept. The next round reads people so.") if changed else _("Nothing was different."))
    return redirect("matching:words", program.slug)


def with_told(lists, user, program):
    """Each list with what people told of it, whom this reader sees; nothing of what a criterion keeps quiet."""
    people = Participant.objects.visible_to(user, Right.MATCHING_RUN).active()
    quiet = known.looked_at(one for one in program.criteria.all() if one.settings.get("quiet"))
    for trait, form, row in lists:
        same = vocabulary.by_word(row.words) if row else {}
        is_quiet = not quiet.isdisjoint(vocabulary.NAMES[trait])
        told = ([], []) if is_quiet else vocabulary.told_in(program, people, trait, same)
        yield (trait, form, row, is_quiet, *told)


def form_of(request, trait, row, posted):
    initial = {"words": row.words, "source": row.source} if row else {}
    initial["seen"] = actions.as_it_stands(row)
    return OneList(request.POST if posted == trait else None, initial=initial, auto_id=f"{trait}-%s")
