"""What the settings of a criterion may say, by its kind."""

from django.utils.translation import gettext as _

SHARED = {"trait", "mentee", "mentor", "only_if", "quiet"}
KINDS = {
    "ordered-gap": SHARED | {"order", "points", "least", "most"},
    "same": SHARED,
    "different": SHARED,
    "overlap": SHARED | {"enough"},
}


def wrong_settings(row):
    """What is wrong with one criterion of a file, as sentences."""
    kind, settings = row.get("kind"), row.get("settings", {})
    if kind not in KINDS:
        yield _("kind: there are %(kinds)s") % {"kinds": ", ".join(KINDS)}
        return
    if not isinstance(settings, dict):
        yield _("settings: write them under [criterion.settings]")
        return
    unknown = sorted(set(settings) - KINDS[kind])
    if unknown:
        yield _("settings: there is no key %(key)r") % {"key": unknown[0]}
    if not settings.get("trait") and not (settings.get("mentee") and settings.get("mentor")):
        yield _("settings: name the trait, or one for mentee and one for mentor")
    wrong = [name for name in ("trait", "mentee", "mentor", "only_if") if not isinstance(settings.get(name, ""), str)]
    if wrong:
        yield _("settings: %(key)s is the name of a trait") % {"key": wrong[0]}
    yield from wrong_numbers(kind, settings)


def wrong_numbers(kind, settings):
    enough = settings.get("enough", 1)
    if type(enough) is not int or enough < 1:
        yield _("settings: enough is a whole number from 1")
    if any(type(settings.get(name, 0)) is not int for name in ("least", "most")):
        yield _("settings: least and most are whole numbers of steps")
    if kind != "ordered-gap":
        return
    order, points = settings.get("order"), settings.get("points")
    if not isinstance(order, list) or not order or not all(isinstance(one, str) for one in order):
        yield _("settings: order lists the steps from lowest to highest")
    if not isinstance(points, dict) or not all(is_step(step) and is_share(share) for step, share in points.items()):
        yield _("settings: points says per cent (0 to 100) by steps, such as { 1 = 100, 2 = 70 }")


def is_step(step):
    return isinstance(step, str) and step.removeprefix("-").isascii() and step.removeprefix("-").isdigit()


def is_share(share):
    return type(share) is int and 0 <= share <= 100
