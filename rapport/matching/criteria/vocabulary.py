"""A program's own words: what is read of its lists, and what people told, said in the words of them."""

from collections import Counter

from django.utils.translation import gettext as _

from rapport.matching.engine.telling import folded, many
from rapport.matching.models import WordList

NAMES = {
    WordList.Trait.SKILLS: ("skills_offered", "skills_needed"),
    WordList.Trait.INTERESTS: ("interests",),
    WordList.Trait.VALUES: ("values",),
    WordList.Trait.LIFE: ("life_experience",),
}
MOST_WORDS, LONGEST = 500, 80  # of one list, and signs of one word
SEEN = 500  # of each side, the latest first
SHOWN = 60  # words told that stand in no list


def parsed(text):
    """[(word, [others that mean it])] of lines such as "Spreadsheets = Excel; Calc"."""
    lines = [line.partition("=") for line in text.splitlines() if line.strip()]
    return [(word.strip(), [one.strip() for one in more.split(";") if one.strip()]) for word, _is, more in lines]


def wrong(text):
    """What is wrong with a list, as a sentence; empty: nothing."""
    rows = parsed(text)
    every = [one for word, others in rows for one in (word, *others)]
    if len(every) > MOST_WORDS:
        return _("These are too many words: %(most)d at most.") % {"most": MOST_WORDS}
    if not all(word for word, _others in rows):
        return _("A line begins with the word itself, such as: Spreadsheets = Excel; Calc")
    if any(len(one) > LONGEST for one in every):
        return _("A word has %(most)d signs at most.") % {"most": LONGEST}
    twice = [word for word, n in Counter(map(folded, every)).items() if n > 1]
    return _("“%(word)s” stands here twice.") % {"word": twice[0]} if twice else ""


def apart(now, typed):
    """The lines that a list has now and one that was typed has not; and those that were typed and are not there."""
    there, here = ([line.strip() for line in text.splitlines() if line.strip()] for text in (now, typed))
    return [line for line in there if line not in here], [line for line in here if line not in there]


def wrong_list(row):
    """What is wrong with one list of a program's file: (the field, in words)."""
    if isinstance(row.get("words"), str) and (words := wrong(row["words"])):
        yield "words", f"words: {words}"


def same_words(program_id, names):
    """{name of a trait: {a word, folded: the word of the list}} of those of these names that have a list. One query."""
    traits = [trait for trait, theirs in NAMES.items() if names & set(theirs)]
    if not traits:
        return {}
    rows = WordList.objects.filter(program=program_id, trait__in=traits).exclude(words="")
    found = {row.trait: by_word(row.words) for row in rows}
    return {name: found[trait] for trait in found for name in NAMES[trait] if name in names}


def by_word(text):
    return {folded(one): word for word, others in parsed(text) for one in (word, *others)}


def said(told, same):
    """What somebody told, in the words of a list; what it does not know stays as it is."""
    return list(dict.fromkeys(same.get(folded(one), str(one)) for one in many(told)))


def told_in(program, people, trait, same):
    """Of `people`: how many mentors and mentees told each word of the list; and what was told that is in none."""
    counts, others = Counter(), Counter()
    for side in ("mentor", "mentee"):
        rows = people.filter(program=program, side=side).order_by("-pk").values_list("traits", flat=True)[:SEEN]
        for traits in rows:
            told = {one for name in NAMES[trait] if traits.get(name) for one in said(traits[name], same)}
            counts.update((one, side) for one in told if folded(one) in same)
            others.update(one for one in told if folded(one) not in same)
    words = dict.fromkeys(same.values())
    return [(word, counts[word, "mentor"], counts[word, "mentee"]) for word in words], others.most_common(SHOWN)
