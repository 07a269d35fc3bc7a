"""What somebody who is asked about a match is shown of the other, before anybody is introduced.

The program's turn lists what; consent narrows it; and of a child nothing is shown beyond `OF_A_CHILD`, whatever a
program lists: no name, no picture, no class.
"""

from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from rapport.core.months import day_in, full_years
from rapport.matches.agreement import signs_as_child
from rapport.matching.engine.telling import many
from rapport.matching.gathering import not_to_be_shown
from rapport.matching.models import Party
from rapport.matching.proposals.turns import turn_rules
from rapport.onboarding.gatekeeping import Code, Gatebook
from rapport.people.models import Participant

OF_A_CHILD = {"age", "interests", "languages", "site"}
CHECKS = [Code.CLEARANCE, Code.TRAINING]


@dataclass(frozen=True)
class Shown:
    """One person as the page shows them: a heading, and rows of (label, words)."""

    heading: str
    rows: tuple


def shown_to(proposal, at) -> list[Shown]:
    """What this proposal shows of each on the other side, as consent allows at that moment."""
    match = proposal.match
    others = others_of(proposal)
    listed = listed_for(proposal.party, match.program)
    unshown = not_to_be_shown(others, match.program, at)
    return [one_shown(one, match, listed, one.person_id in unshown, at) for one in others]


def listed_for(party, program) -> list[str]:
    """What a program shows of the other to whoever is asked in this turn."""
    told = next((rule.shows for rule in turn_rules(program) if rule.party == party), None)
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def others_of(proposal):
    """Those whom the reader would meet, or the child for whom they answer would."""
    match = proposal.match
    if proposal.party == Party.MENTOR:
        return match.mentees
    if proposal.party == Party.GUARDIAN and proposal.child_id in {one.person_id for one in match.mentors}:
        return match.mentees
    return match.mentors


def one_shown(one, match, listed, is_hidden, at):
    is_child = signs_as_child(one, match, at)
    codes = [code for code in listed if not is_child or code in OF_A_CHILD]
    codes = [] if is_hidden else codes
    rows = [row for code in codes if code != "first-name" for row in rows_of(code, one, match, at)]
    name = one.person.first_name if "first-name" in codes else ""
    return Shown(name or called(one, is_child), tuple(rows))


def called(one, is_child):
    if one.side == Participant.Side.MENTOR:
        return _("Your mentor to be")
    return _("A young person") if is_child else _("Your mentee to be")


def rows_of(code, one, match, at):
    """The rows of one thing that is shown; none where nothing is known."""
    if code == "checked":
        yield from checked(one, match.program, at)
    elif code == "age":
        yield from age(one, match.program, at)
    elif code == "site":
        if one.site:
            yield _("Place"), one.site.name
    else:
        told = many(one.traits.get(code.replace("-", "_"), one.traits.get(code)))
        if words := ", ".join(said(answer, code) for answer in told):
            yield label_of(code), words


def said(told, code):
    """One answer as people say it: a language by its name, where it was told by its code."""
    is_code = code == "languages" and str(told).lower() in LANG_INFO
    return str(get_language_info(str(told).lower())["name_translated"]) if is_code else str(told)


def label_of(code):
    labels = {"interests": _("Interests"), "languages": _("Languages"), "profession": _("Field of work")}
    return labels.get(code) or code.replace("-", " ").replace("_", " ").capitalize()


def checked(one, program, at):
    """Whether their checks are in order that day, yes or not yet, and nothing else about them."""
    on = day_in(at, program.zone)
    asked = {gate.code: gate for gate in Gatebook([one]).asked(one, on, with_minor=True)}
    words = {Code.CLEARANCE: _("Background check"), Code.TRAINING: _("Training")}
    for code in CHECKS:
        if code in asked:
            yield words[code], _("not yet") if asked[code].lack else _("yes")


def age(one, program, at):
    """An age within so many years, as the program has it."""
    if one.person.born_on is None:
        return
    span = program.limit("proposal-age-span")
    low = full_years(one.person.born_on, day_in(at, program.zone)) // span * span
    yield _("Age"), _("between %(low)d and %(high)d") % {"low": low, "high": low + span - 1}
