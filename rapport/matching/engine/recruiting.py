"""Whom to look for next: what a further mentor must have so that most of those left without are served, tried out."""

from rapport.matching.engine.judging import KINDS, Judge
from rapport.matching.engine.telling import answer_of, folded, many, trait_of

PROFILES = 3  # kinds of mentors looked for, and mentors tried of whom one place more would help


def recruit(problem: dict, answer: dict, most: int = PROFILES) -> dict:
    """What further places would be worth, each tried by working the round out again.

    `profiles`: the fewest kinds of mentors for those left without, that of most mentees first: `must` ([{code, of}],
    what such a mentor must have told; of quiet rules without the words), `mentees` (keys of whom it could be),
    `served` (how many more would be, with as many places) and `gain` (points of all together). `like`: mentors of whom
    one place more is worth most by the plan's prices: `mentor`, `served`, `gain`.
    """
    people = {one["key"]: one for one in problem["mentees"]}
    profiles: list[dict] = []
    waiting = [people[one["mentee"]] for one in answer["left"]]
    while waiting and len(profiles) < most:
        must, fits = wanted(problem["criteria"], waiting)
        profiles.append(tried(problem, answer, must, fits))
        waiting = [one for one in waiting if one not in fits]
    return {"profiles": profiles, "like": like(problem, answer, most)}


def wanted(criteria, mentees):
    """For each rule that forbids the answer that fits most of those who are still fitted: {place of rule: answer}."""
    must = {}
    for k, one in enumerate(criteria):
        answers = answers_to(one, mentees) if one["is_hard"] else []
        fits = {word: fitting(one, word, mentees) for word in answers}
        if fits:
            word = max(answers, key=lambda word: len(fits[word]))
            if any(answer_of(person["traits"], one, "mentee") for person in fits[word]):
                must[k], mentees = word, fits[word]
    return must, mentees


def answers_to(criterion, mentees):
    """What a mentor could tell that some of these want, in order."""
    if criterion["kind"] == "ordered-gap":
        return list(criterion["settings"]["order"])
    if criterion["kind"] == "different":
        return []
    told = [answer_of(one["traits"], criterion, "mentee") for one in mentees]
    words = [word for one in told for word in (many(one) if criterion["kind"] == "overlap" else [one]) if folded(word)]
    return [str(word) for word in {folded(word): word for word in sorted(map(str, words), reverse=True)}.values()]


def fitting(criterion, word, mentees):
    """Whom this answer of a mentor would fit, or whom nothing is known of."""
    judge, hear = Judge(criterion), KINDS[criterion["kind"]][0]
    other = hear(word, judge.order)
    parts = [judge.of(judge.heard(one, "mentee"), other) for one in mentees]
    return [one for one, part in zip(mentees, parts, strict=True) if part.right or not part.known]


def tried(problem, answer, must, mentees):
    """One kind of mentor, with as many places as there are mentees it could serve."""
    criteria, traits = problem["criteria"], {}
    for k, word in must.items():
        name = trait_of(criteria[k], "mentor")
        traits[name] = word if criteria[k]["kind"] != "overlap" else [*traits.get(name, []), word]
    keys = {one["key"] for one in problem["mentors"]}
    key = next(f"one more {n}" for n in range(len(keys) + 1) if f"one more {n}" not in keys)
    one = {"key": key, "lot": key, "traits": traits, "capacity": len(mentees)}
    return {
        "must": [
            {"code": criteria[k]["code"], "of": [] if criteria[k]["settings"].get("quiet") else [word]}
            for k, word in must.items()
        ],
        "mentees": [one["key"] for one in mentees],
        **more(problem | {"mentors": [*problem["mentors"], one]}, answer),
    }


def more(problem, answer):
    """What this problem gives more than the answer to another."""
    from rapport.matching.engine.running import run

    then, now = run(problem)["certificate"], answer["certificate"]
    return {"served": then["served"] - now["served"], "gain": then["total"] - now["total"]}


def like(problem, answer, most):
    """Mentors one place more of whom is worth most, by price, then by key."""
    prices = answer["certificate"]["mentor_prices"]
    dear = sorted((key for key, price in prices.items() if price > 0), key=lambda key: (-prices[key], key))[:most]
    found = []
    for key in dear:
        mentors = [one | {"capacity": one["capacity"] + (one["key"] == key)} for one in problem["mentors"]]
        found.append({"mentor": key, **more(problem | {"mentors": mentors}, answer)})
    return sorted(found, key=lambda one: (-one["served"], -one["gain"], one["mentor"]))
