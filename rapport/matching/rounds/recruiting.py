"""Whom to look for next: what those left without have in common, and mentors of whom one more would help most.

Made of people the reader may see alone; what a criterion keeps quiet is told of nobody.
"""

from collections import Counter

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matching.calling import ask_engine
from rapport.matching.criteria import known
from rapport.matching.engine.telling import answer_of, many
from rapport.matching.models import LeftWithout
from rapport.matching.rounds import again, wording
from rapport.matching.rounds.whole import sees_everybody
from rapport.people.models import Participant

LOOKED_AT = 500  # of those left without
TOLD, LIKE = 5, 5  # lines of what they want, and mentors more of whom would help
AT_LEAST = 2  # of those left without, that something is worth a line
WANTED = ("overlap", "same")  # kinds of which a mentor can be found who answers alike


def of_round(kept, user):
    """{wants: [(criterion's label, answer, how many of those left)], like: [mentors], left: how many} for the page."""
    wanting = [LeftWithout.Kind.NEEDED_ELSEWHERE, LeftWithout.Kind.NOBODY_FITS]
    rows = LeftWithout.objects.visible_to(user).filter(round=kept, kind__in=wanting).order_by("pk")
    left = [row.mentee for row in rows.select_related("mentee__person", "mentee__site")[:LOOKED_AT]]
    return {"wants": wants(kept, left), "like": like(kept, user), "left": len(left)} if left else {}


def wants(kept, left):
    """What most of those left without told to a criterion, those that forbid first."""
    known.give(left, kept.criteria, day_in(kept.made_at, kept.program.zone))
    found = []
    for one in kept.criteria:
        if one["kind"] in WANTED and not one["settings"].get("quiet"):
            told = [answer_of(known.traits_of(mentee), one, "mentee") for mentee in left]
            words = Counter(word for answer in told for word in {str(one).strip() for one in many(answer)})
            found += [(not one["is_hard"], -n, one["label"], word) for word, n in words.items() if n >= AT_LEAST]
    return [(label, word, -n) for _soft, n, label, word in sorted(found)[:TOLD]]


def like(kept, user):
    """Mentors whose places are worth most to the plan, as its prices say: one more like them would help most."""
    prices = kept.certificate.get("mentor_prices", {})
    keys = sorted((key for key, price in prices.items() if price > 0), key=lambda key: (-prices[key], int(key)))
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN).select_related("person", "program", "site")
    people = {str(one.pk): one for one in seen.filter(pk__in=keys[: 10 * LIKE])}
    return [people[key] for key in keys if key in people][:LIKE]


def worked_out(kept, user, at):
    """What further mentors would bring, tried by working the round out again; nothing where it cannot be asked.

    {profiles: [(what such a mentor must have told, mentees it could be for, how many more would be served)],
    like: [(mentor, how many more, points)]}. How many and how much is None for who does not see everybody: others than
    those named may be among them.
    """
    found = kept.recruit if kept.is_proven and kept.recruit else tried(kept, at)
    if found is None:
        return None
    people, whole = spoken_of(found, user, at), told_whole(kept, user, at)
    profiles = [
        (told_so(kept, one["must"]), [people[key] for key in one["mentees"]], whole(one["served"]))
        for one in found["profiles"]
        if all(key in people for key in one["mentees"])
    ]
    like = [one for one in found["like"] if one["mentor"] in people]
    more = [(people[one["mentor"]], whole(one["served"]), whole(one["gain"])) for one in like]
    return {"profiles": profiles, "like": more}


def spoken_of(found, user, at):
    """{key: who it is} of those named in what was found, whom this reader sees."""
    keys = {key for one in found["profiles"] for key in one["mentees"]} | {one["mentor"] for one in found["like"]}
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at).filter(pk__in=map(int, keys))
    return {str(one.pk): one for one in seen.select_related("person", "program")}


def tried(kept, at):
    """What the engine says of further mentors, as plain values; nothing where people changed since. Raises NoAnswer."""
    problem = again.problem_of(kept, at)
    return problem and ask_engine(problem, question="recruit", answer=again.answer_of(kept))


def told_whole(kept, user, at):
    """What is told of a figure of everybody: the figure, or nothing."""
    sees = sees_everybody(user, kept.program, at)
    return lambda figure: figure if sees else None


def told_so(kept, must):
    """What a mentor must have told, in words: "Same place: Lincoln School"; of what is kept quiet the rule alone."""
    criteria = {one["code"]: one for one in kept.criteria}
    found = []
    for one in must:
        rule = criteria[one["code"]]
        words = ", ".join(wording.said_so(one["of"], rule["settings"].get("trait")))
        found.append(f"{rule['label']}: {words}" if words else rule["label"])
    return found
