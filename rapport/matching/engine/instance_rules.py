"""What a problem in files may hold, and the one sentence that says where it does not."""

import difflib

from rapport.matching.engine.telling import folded

MOST_BYTES = 256 << 20  # of one text file
MOST_PEOPLE = 200_000  # a side, as text
MOST_LISTED = 5_000_000  # rows of pairs, as text
MOST_POINTS = 1 << 22  # of a criterion, and said of one pair
TOGETHER = 8_000_000  # of all criteria, and so many that forbid: what the engine's whole numbers hold
MOST_HARD = 30
FARTHEST = 1000  # steps one way or the other
MOST_BANDS = 4
MOST_NAME = 200
MOST_CELL = 10_000  # characters of an answer
MOST_CAPACITY = 10_000
CODE = 60
KINDS = {
    "ordered-gap": {"order", "points", "least", "most"},
    "same": set(),
    "different": set(),
    "overlap": {"enough"},
}
SHARED = {"trait", "mentee", "mentor", "only_if", "quiet"}
CRITERION = {"code", "kind", "weight", "is_hard", "settings"}
RESERVED = {"apart", "floor", "full", "wish"}  # what the engine itself says of a pair
STEPS = ("waiting", "needs")
POLICY = {"maximin", "bands", "stability", *STEPS}


class Wrong(ValueError):
    """What is wrong with a file: one sentence with the file, and the line and column where there are any."""

    def __init__(self, file, words, *, line=None, column=None, row=None):
        at = [f"line {line}" if line else "", str(row or ""), f"column {column}" if column else ""]
        super().__init__(f"{', '.join([str(file), *filter(None, at)])}: {words}.")


def nearest(name, known):
    """Which known name may have been meant."""
    near = difflib.get_close_matches(str(name)[:MOST_NAME], sorted(map(str, list(known)[:5000])), 1)
    return f"; is {near[0]!r} meant?" if near else ""


def whole(told, file, name, *, least=0, most=MOST_POINTS, **where):
    """A whole number of these bounds, told as one or as its digits."""
    if isinstance(told, str) and len(told) < 20 and told.strip().removeprefix("-").isascii():
        told = int(told) if told.strip().removeprefix("-").isdigit() else told
    if type(told) is not int or not least <= told <= most:
        words = f"{str(told)[:40]!r} is no whole number from {least} to {most}"
        raise Wrong(file, words, **{"column": name, **where})
    return told


def named(told, file, column, where):
    """What somebody is called: some printable text, told as text or as a whole number."""
    told = str(told) if type(told) is int else told
    if not isinstance(told, str) or not told.strip():
        raise Wrong(file, "somebody has no name here", column=column, **where)
    told = told.strip()
    if len(told) > MOST_NAME or not told.isprintable():
        words = f"a name has at most {MOST_NAME} characters, all of which can be printed"
        raise Wrong(file, words, column=column, **where)
    return told


def check_criteria(criteria, file):
    """Criteria as the engine takes them."""
    if not isinstance(criteria, list) or not all(isinstance(one, dict) for one in criteria):
        raise Wrong(file, "criteria are a list of tables")
    told = [check_criterion(one, file, n + 1) for n, one in enumerate(criteria)]
    if len({one["code"] for one in told}) < len(told):
        raise Wrong(file, "two criteria have one code")
    if sum(one["weight"] for one in told) > TOGETHER:
        raise Wrong(file, f"the weights of all criteria are more than {TOGETHER} together")
    if sum(one["is_hard"] for one in told) > MOST_HARD:
        raise Wrong(file, f"there are at most {MOST_HARD} hard rules")
    return told


def check_criterion(one, file, n):
    row = f"criterion {n}"
    for key in one:
        if key not in CRITERION:
            raise Wrong(file, f"there is no key {key!r}" + nearest(key, CRITERION), row=row)
    code, kind, settings = one.get("code"), one.get("kind"), one.get("settings", {})
    if not isinstance(code, str) or not code.isprintable() or not 0 < len(code) <= CODE:
        raise Wrong(file, f"a code is a text of at most {CODE} characters", row=row)
    if code in RESERVED:
        raise Wrong(file, f"{code!r} is what pairs themselves say; take another code", row=row)
    if kind not in KINDS:
        raise Wrong(file, f"a kind is one of {', '.join(KINDS)}", row=row)
    if not isinstance(settings, dict):
        raise Wrong(file, "settings is a table", row=row)
    check_settings(kind, settings, file, row)
    hard = one.get("is_hard", False)
    if type(hard) is not bool:
        raise Wrong(file, "is_hard is true or false", row=row)
    weight = whole(one.get("weight", 0), file, "weight", row=row)
    return {"code": code, "kind": kind, "weight": weight, "is_hard": hard, "settings": settings}


def check_settings(kind, settings, file, row):
    for key in settings:
        if key not in SHARED | KINDS[kind]:
            raise Wrong(file, f"settings of the kind {kind} have no key {key!r}", row=row)
    if not settings.get("trait") and not (settings.get("mentee") and settings.get("mentor")):
        raise Wrong(file, "settings name a trait, or one for mentee and one for mentor", row=row)
    if any(not isinstance(settings.get(name, ""), str) for name in ("trait", "mentee", "mentor", "only_if")):
        raise Wrong(file, "a trait is named by a text", row=row)
    for name, least in (("enough", 1), ("least", -FARTHEST), ("most", -FARTHEST)):
        if name in settings:
            whole(settings[name], file, name, least=least, most=FARTHEST, row=row)
            if type(settings[name]) is not int:
                raise Wrong(file, f"{name} is a whole number", row=row)
    if kind == "ordered-gap":
        check_steps(settings, file, row)


def check_steps(settings, file, row):
    order, points = settings.get("order"), settings.get("points")
    if not isinstance(order, list) or not 0 < len(order) <= FARTHEST or not all(isinstance(one, str) for one in order):
        raise Wrong(file, "order lists the steps from lowest to highest", row=row)
    if len({folded(one) for one in order}) < len(order):
        raise Wrong(file, "order names one step twice", row=row)
    if not isinstance(points, dict):
        raise Wrong(file, "points says per cent by steps, such as { 1 = 100, 2 = 70 }", row=row)
    for step, share in points.items():
        whole(str(step), file, "points", least=-FARTHEST, most=FARTHEST, row=row)
        whole(share, file, f"points of {step}", most=100, row=row)


def check_policy(policy, file):
    """How to choose among plans (docs/matching.md): maximin, bands, stability, steps of waiting and of needs."""
    if policy is None:
        return None
    if not isinstance(policy, dict):
        raise Wrong(file, "policy is a table")
    for key in policy:
        if key not in POLICY:
            raise Wrong(file, f"policy has no key {key!r}" + nearest(key, POLICY))
    bands = policy.get("bands", [])
    if type(policy.get("maximin", False)) is not bool:
        raise Wrong(file, "policy: maximin is true or false")
    if not isinstance(bands, list) or len(bands) > MOST_BANDS:
        raise Wrong(file, f"policy: bands are at most {MOST_BANDS} scores")
    bands = sorted({whole(n, file, "bands", most=TOGETHER) for n in bands})
    steps = {name: steps_by_mentee(policy.get(name, {}), file, name) for name in STEPS if policy.get(name)}
    stability = whole(policy.get("stability", 0), file, "stability")
    return {"maximin": policy.get("maximin", False), "bands": bands, "stability": stability, "waiting": {}, **steps}


def steps_by_mentee(told, file, name):
    if not isinstance(told, dict):
        raise Wrong(file, f"policy: {name} says steps by mentee")
    return {str(key): whole(n, file, name, most=1000) for key, n in told.items()}
