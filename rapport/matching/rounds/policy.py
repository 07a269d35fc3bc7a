"""How a program chooses among plans: its policy as the engine reads it, and what each choice is called and costs.

Serving as many as possible always comes first; then the choices in the order of `ORDER`, as the engine climbs them.
"""

from django.utils.translation import gettext_lazy as lazy

from rapport.matching.models import PolicyRule
from rapport.onboarding.interviews import reading
from rapport.programs import profiles, sound
from rapport.programs.models import Limit

Code = PolicyRule.Code
PERCENT = 100
SHOWN = ("code", "is_on", "amount")  # on the page that changes it
ORDER = (Code.FLOOR, Code.WAITING, Code.NEEDS, Code.MAXIMIN, Code.LOW_BAND, Code.HIGH_BAND, Code.STABILITY)
IN_DAYS = {Code.WAITING}
WITHOUT_AMOUNT = {Code.MAXIMIN, Code.NEEDS}
HINTS = {
    Code.MAXIMIN: lazy("Of all plans that serve as many, those whose weakest pair is the best."),
    Code.LOW_BAND: lazy("A pair is weak below so many per cent of all points."),
    Code.HIGH_BAND: lazy("A pair is middling below so many per cent of all points."),
    Code.FLOOR: lazy("Nobody is paired below so many per cent of all points, and waits instead."),
    Code.WAITING: lazy("Where not all find a mentor, so many days of waiting count as one step before others."),
    Code.NEEDS: lazy(
        "Where not all find a mentor, what was found at the interview counts as steps before others, too: so many for"
        " each need as the list of needs says. It is a priority, not a verdict: look at whom it leaves without."
    ),
    Code.STABILITY: lazy(
        "So many per cent of all points are added to a pair both would have chosen. How many pairs of others would"
        " rather have each other is counted always."
    ),
}


def most_of(code):
    return sound.MOST[Limit.Unit.DAYS] if code in IN_DAYS else PERCENT


def wrong_amount(code, amount):
    """What is wrong with how much of a choice, as a sentence; empty: nothing."""
    return "" if code in WITHOUT_AMOUNT else sound.beyond(amount, 1, most_of(code)) or ""


def rules_of(program):
    """The policy of a program by code; what it has no row of is as its profile says."""
    told = profiles.kept(program.profile).get("policy", []) if program.profile in profiles.slugs() else []
    found = {row["code"]: PolicyRule(program=program, **row) for row in told}
    found |= {rule.code: rule for rule in program.policy_rules.select_related("program")}
    return {code: found[code] for code in ORDER if code in found}


def amount_of(rules, code):
    """How much of a choice that is on; nothing where it is off."""
    rule = rules.get(code)
    return rule.amount if rule and rule.is_on else None


def for_engine(program, criteria, mentees, at):
    """{"policy": ..., "floor": ...} of a problem (`engine.running.run`): shares become points of these criteria."""
    rules, most = rules_of(program), sum(one.weight for one in criteria)
    bands = [share * most // PERCENT for code in (Code.LOW_BAND, Code.HIGH_BAND) if (share := amount_of(rules, code))]
    policy = {
        "maximin": amount_of(rules, Code.MAXIMIN) is not None,
        "bands": sorted(set(bands)),
        "stability": (amount_of(rules, Code.STABILITY) or 0) * most // PERCENT,
        "waiting": waiting(amount_of(rules, Code.WAITING), mentees, at),
    }
    if needs := needing(rules, program, mentees):
        policy["needs"] = needs
    floor = amount_of(rules, Code.FLOOR)
    return {"policy": policy, "floor": floor * most // PERCENT if floor else None}


def needing(rules, program, mentees):
    """{mentee key: steps}, of what staff found that they need; nothing where the program does not choose so."""
    if amount_of(rules, Code.NEEDS) is None:
        return {}
    return {str(pk): n for pk, n in reading.steps_of(program, [one.pk for one in mentees]).items()}


def waiting(days, mentees, at):
    """{mentee key: steps}: one for each so many days they have waited (`since`, as `gathering.gather` brings it)."""
    if not days:
        return {}
    steps = {str(one.pk): max(0, (at - one.since).days // days) for one in mentees}
    return {key: n for key, n in steps.items() if n}
