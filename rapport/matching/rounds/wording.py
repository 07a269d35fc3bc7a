"""What the engine found, in words for a coordinator."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.matching.criteria.known import KNOWN
from rapport.matching.engine.plain import FLOOR
from rapport.matching.engine.telling import answer_of, folded, many

LONGEST = 300


def because(left, labels):
    """Why nobody was found for somebody (`left` as the engine tells it). A reason to keep two apart is not told."""
    if not left["free"]:
        return _("No mentor has a free place.")
    if left["allowed"]:
        words = ngettext(
            "One mentor would fit, and is needed for somebody else in the plan that serves most.",
            "%(n)d mentors would fit, and all are needed for others in the plan that serves most.",
            left["allowed"],
        )
        return words % {"n": left["allowed"]}
    return Truncator(" ".join([_("No free mentor may be theirs."), *hints(left, labels)])).chars(LONGEST)


def hints(left, labels):
    """Whether it is the floor, and which rules stand in the way, the one that would open most mentors first."""
    low = left["barring"].get(FLOOR)
    rules = {code: n for code, n in left["barring"].items() if code in labels}
    if low:
        yield below_the_floor(low)
    if left["alone"]:
        yield from (without_the_rule(labels[code], n) for code, n in most_first(left["alone"]))
    elif rules:
        words = _("The rule “%(rule)s” rules out %(n)d of %(free)d.")
        yield from (words % {"rule": labels[code], "n": n, "free": left["free"]} for code, n in most_first(rules))
    elif not low:
        yield _("They are one family, were matched before, or a rule keeps them apart.")


def most_first(counts):
    """The two rules that count most, as (code, n)."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:2]


def below_the_floor(n):
    words = ngettext(
        "One mentor breaks no rule, but scores below the floor.",
        "%(n)d mentors break no rule, but score below the floor.",
        n,
    )
    return words % {"n": n}


def without_the_rule(label, n):
    words = ngettext(
        "Without the rule “%(rule)s” there would be one.",
        "Without the rule “%(rule)s” there would be %(n)d.",
        n,
    )
    return words % {"rule": label, "n": n}


def not_ready(missing):
    """Why somebody was not looked at."""
    return Truncator(_("Not ready yet: %(what)s") % {"what": " ".join(sentences(missing))}).chars(LONGEST)


def sentences(missing):
    return [f"{str(one).rstrip('.')}." for one in missing]


def part_words(criterion, part, mentee, mentor):
    """One part of a score in words: what both told, and whether it fits. `mentee` and `mentor` are their traits."""
    if not part["known"]:
        return _("not answered")
    if criterion["settings"].get("quiet"):  # a fact about somebody's identity: that it fits is enough
        return _("as they asked for") if part["right"] else _("not as they asked for")
    theirs, ours = (answer_of(traits, criterion, side) for traits, side in ((mentee, "mentee"), (mentor, "mentor")))
    if criterion["kind"] == "overlap":
        return in_common(theirs, ours, criterion["settings"].get("trait"))
    if folded(theirs) == folded(ours):
        return _("both %(what)s") % {"what": ours}
    return _("mentor %(mentor)s, mentee %(mentee)s") % {"mentor": ours, "mentee": theirs}


def not_shared(criterion, mentee, mentor, most=5):
    """What the mentee told and the mentor did not, in words; nothing of what a criterion keeps quiet."""
    if criterion["kind"] != "overlap" or criterion["settings"].get("quiet"):
        return ""
    theirs, ours = (answer_of(traits, criterion, side) for traits, side in ((mentee, "mentee"), (mentor, "mentor")))
    there = {folded(one) for one in many(ours)}
    words = said_so([str(one) for one in many(theirs) if folded(one) not in there], criterion["settings"].get("trait"))
    return ", ".join(words[:most]) + (" …" if len(words) > most else "")


def said_so(words, trait):
    """Answers as people say them: half hours as spans."""
    return KNOWN[trait].words(words) if words and trait in KNOWN and KNOWN[trait].words else words


def in_common(theirs, ours, trait=None):
    there = {folded(one) for one in many(theirs)}
    shared = [str(one) for one in many(ours) if folded(one) in there]
    shared = said_so(shared, trait)
    return _("both %(what)s") % {"what": ", ".join(shared)} if shared else _("nothing in common")


def wish(part):
    """That somebody asked for the other; whose wish it was is not told."""
    words = ngettext("asked for beforehand, %(n)d point", "asked for beforehand, %(n)d points", part["points"])
    return words % {"n": part["points"]}
