"""What matching looks at: written from a file, weighed, added, changed, taken away; each with a row in the trail."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core import refs
from rapport.core.refused import Refused
from rapport.core.seen import mark_of
from rapport.matching.criteria import kinds
from rapport.matching.models import Criterion, PolicyRule, WordList
from rapport.matching.rounds import policy
from rapport.programs.actions import ChangedMeanwhile, change_setting
from rapport.programs.changing import change_all

WEIGHED = ("code", "weight", "is_hard", "is_on")  # what the page of all of them shows and changes
FIELDS = ("code", "kind", "group", "label", "weight", "is_hard", "is_on", "settings", "source")


class SameName(Refused):
    """There is a criterion of this name in the program."""

    sentence = _("Matching looks at something of this name already.")


def write_criteria(program, words):
    """Write a file's criteria as rows of this program. Returns them."""
    return Criterion.objects.bulk_create([Criterion(program=program, **row) for row in words.get("criterion", [])])


def write_policy(program, words):
    """Write how a file says that plans are chosen as rows of this program. Returns them."""
    return PolicyRule.objects.bulk_create([PolicyRule(program=program, **row) for row in words.get("policy", [])])


def write_word_lists(program, words):
    """Write a file's own words for skills, interests and the like as rows of this program. Returns them."""
    return WordList.objects.bulk_create([WordList(program=program, **row) for row in words.get("word-list", [])])


def as_it_stands(row):
    """What a list says (None: there is none), as one mark: a page opened before a colleague changed it does not write
    over it."""
    return mark_of([row.words, row.source] if row else None)


@transaction.atomic
def keep_words(program, *, trait, words, source, seen="", by, at):
    """Keep one list of words in place of what was. Returns whether anything is different.

    `seen`: how it stood when the page was opened (`as_it_stands`). Raises programs.actions.ChangedMeanwhile, which is
    about the list as it stands now.
    """
    said = {"words": words, "source": source}
    row, made = WordList.objects.get_or_create(program=program, trait=trait, defaults=said)
    if made:
        record("word-list.kept", about=row, by=by, at=at, trait=trait, words=words)
        return True
    is_same = all(getattr(row, name) == value for name, value in said.items())
    if seen and seen != as_it_stands(row) and not is_same:
        raise ChangedMeanwhile(row)
    return change_setting(row, said, by=by, at=at)


@transaction.atomic
def choose(program, said, *, seen="", by, at):
    """Change how plans are chosen: `said` is {code: {"is_on": ..., "amount": ...}}. Returns how many changed.

    What the program has no row of yet becomes one, with the profile's source. `seen` and what is raised:
    programs.changing.
    """
    rules = policy.rules_of(program)
    new = [rule for rule in rules.values() if rule.pk is None]
    PolicyRule.objects.bulk_create(new, ignore_conflicts=True)
    rows = program.policy_rules.filter(code__in=said).select_related("program").order_by("pk")
    return change_all([(row, said[row.code]) for row in rows], seen=seen, names=policy.SHOWN, by=by, at=at)


@transaction.atomic
def weigh(program, said, *, seen="", by, at):
    """Change several criteria at once: `said` is {code: {field: value}}. Returns how many changed. `seen` and what is
    raised: programs.changing."""
    rows = program.criteria.filter(code__in=said).select_related("program").order_by("pk")
    return change_all([(row, said[row.code]) for row in rows], seen=seen, names=WEIGHED, by=by, at=at)


@transaction.atomic
def add_criterion(program, *, by, at, **row):
    """Let matching look at one thing more, with where that comes from. Raises SameName."""
    row.setdefault("code", code_of(row["label"]))
    try:
        with transaction.atomic():
            made = Criterion.objects.create(program=program, **row)
    except IntegrityError as clash:
        raise SameName(program) from clash
    record("criterion.added", about=made, by=by, at=at, now=facts(made))
    return made


def code_of(label):
    """A code made of what a criterion is called; none that the engine says itself."""
    code = refs.code_of(label)
    return f"own-{code}" if code in kinds.RESERVED else code


@transaction.atomic
def take_criterion(criterion, *, by, at):
    """Let matching look at it no longer; the trail keeps what it was. Returns whether it stood."""
    was = facts(criterion)
    record("criterion.taken-away", about=criterion, by=by, at=at, was=was)
    gone, _of = Criterion.objects.filter(pk=criterion.pk).delete()
    if not gone:
        transaction.set_rollback(True)
    return bool(gone)


def facts(criterion):
    return {name: getattr(criterion, name) for name in FIELDS}
