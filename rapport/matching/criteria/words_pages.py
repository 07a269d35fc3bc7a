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
from rapport.matching import actions
from rapport.matching.criteria import known, vocabulary
from rapport.matching.models import WordList
from rapport.people.models import Participant
from rapport.programs.doors import staff_page

Trait = WordList.Trait


class OneList(forms.Form):
    """One list as text: a word on each line."""

    words = Words(
        label=lazy("One word on each line"), most=40_000, rows=6, required=False,
        help_text=lazy("Others that mean the same stand after =, such as: Spreadsheets = Excel; Calc"),
    )  # fmt: skip
    source = OneLine(label=lazy("Where the list comes from"), most=300)

    def clean_words(self):
        text = self.cleaned_data["words"]
        if words := vocabulary.wrong(text):
            raise forms.ValidationError(words)
        return text


@staff_page(Right.MATCHING_RUN)
def word_lists(request, program):
    """All lists with how often each word was told; whoever may change settings writes them."""
    may_edit = request.has_right(Right.PROGRAM_EDIT) and not program.archived_at
    posted = request.POST.get("trait", "") if request.method == "POST" else ""
    if request.method == "POST" and (not may_edit or posted not in Trait.values):
        raise Http404
    rows = {row.trait: row for row in program.word_lists.all()}
    forms_of = {trait: form_of(request, trait, rows.get(trait), posted) for trait in Trait}
    if posted and forms_of[Trait(posted)].is_valid():
        said = forms_of[Trait(posted)].cleaned_data
        changed = actions.keep_words(program, trait=posted, **said, by=request.user, at=timezone.now())
        kept(request, _("Kept. The next round reads people so.") if changed else _("Nothing was different."))
        return redirect("matching:words", program.slug)
    lists = [(trait, form, rows.get(trait)) for trait, form in forms_of.items()]
    context = {"lists": with_told(lists, request.user, program), "may_edit": may_edit}
    return render(request, "matching/words.html", context, status=422 if posted else 200)


def with_told(lists, user, program):
    """Each list with what people told of it, whom this reader sees; nothing of what a criterion keeps quiet."""
    people = Participant.objects.visible_to(user, Right.MATCHING_RUN)
    quiet = known.looked_at(one for one in program.criteria.all() if one.settings.get("quiet"))
    for trait, form, row in lists:
        same = vocabulary.by_word(row.words) if row else {}
        is_quiet = not quiet.isdisjoint(vocabulary.NAMES[trait])
        told = ([], []) if is_quiet else vocabulary.told_in(program, people, trait, same)
        yield (trait, form, row, is_quiet, *told)


def form_of(request, trait, row, posted):
    initial = {"words": row.words, "source": row.source} if row else {}
    return OneList(request.POST if posted == trait else None, initial=initial, auto_id=f"{trait}-%s")
