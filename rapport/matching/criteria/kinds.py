"""What the settings of a criterion may say, by its kind."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.matching.engine import instance_rules
from rapport.matching.engine.instance_rules import FARTHEST, MOST_HARD, RESERVED, TOGETHER
from rapport.matching.engine.telling import folded

KINDS = {kind: instance_rules.SHARED | own for kind, own in instance_rules.KINDS.items()}
IN_WORDS = {
    "overlap": lazy("what they have in common"),
    "same": lazy("both the same"),
    "different": lazy("each another"),
    "ordered-gap": lazy("how many steps the mentor stands above"),
}
HEAVIEST = 1_000_000  # of one criterion


def wrong_settings(row):
    """What is wrong with one criterion of a file, as sentences."""
    for field, words in wrong(row):
        yield f"{field if field in ('code', 'kind') else 'settings'}: {words}"


def wrong(row):
    """What is wrong with one criterion: (the field, in words)."""
    kind, settings = row.get("kind"), row.get("settings", {})
    if row.get("code") in RESERVED:
        yield "code", _("%(code)s is what matching itself says of a pair; take another code") % {"code": row["code"]}
    if kind not in KINDS:
        yield "kind", _("there are %(kinds)s") % {"kinds": ", ".join(KINDS)}
        return
    if not isinstance(settings, dict):
        yield "settings", _("write them under [criterion.settings]")
        return
    unknown = sorted(set(settings) - KINDS[kind])
    if unknown:
        yield "settings", _("there is no key %(key)r") % {"key": unknown[0]}
    yield from wrong_names(settings)
    yield from wrong_numbers(kind, settings)


def wrong_names(settings):
    if not settings.get("trait") and not (settings.get("mentee") and settings.get("mentor")):
        yield "mentee", _("name the trait, or one for mentee and one for mentor")
    for name in ("trait", "mentee", "mentor", "only_if"):
        if not isinstance(settings.get(name, ""), str):
            yield name, _("%(key)s is the name of a trait") % {"key": name}
            return


def wrong_numbers(kind, settings):
    enough = settings.get("enough", 1)
    if type(enough) is not int or enough < 1:
        yield "enough", _("enough is a whole number from 1")
    if any(type(settings.get(name, 0)) is not int for name in ("least", "most")):
        yield "least", _("least and most are whole numbers of steps")
    if kind != "ordered-gap":
        return
    order, points = settings.get("order"), settings.get("points")
    if not isinstance(order, list) or not order or not all(isinstance(one, str) for one in order):
        yield "order", _("order lists the steps from lowest to highest")
    elif len({folded(one) for one in order}) < len(order):
        yield "order", _("order names one step twice")
    if not isinstance(points, dict) or not all(is_step(step) and is_share(share) for step, share in points.items()):
        yield "points", _("points says per cent (0 to 100) by steps, such as { 1 = 100, 2 = 70 }")


def is_step(step):
    digits = step.removeprefix("-") if isinstance(step, str) else ""
    return digits.isascii() and digits.isdigit() and len(digits) <= len(str(FARTHEST)) and int(digits) <= FARTHEST


def is_share(share):
    return type(share) is int and 0 <= share <= 100


def too_much(weights, hard):
    """Why so many points or so many rules that forbid cannot be; empty: they can."""
    if sum(weights) > TOGETHER:
        return _("Together they weigh more than can be counted: %(most)d at most.") % {"most": TOGETHER}
    return _("Too many forbid a pair: %(most)d at most.") % {"most": MOST_HARD} if hard > MOST_HARD else ""
