"""What the pages of rounds show, in set queries, as far as this reader reaches."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.months import day_in
from rapport.matching import gathering
from rapport.matching.criteria import known
from rapport.matching.models import Draft, LeftWithout, Round
from rapport.matching.rounds import wording
from rapport.matching.rounds.helping import Helping
from rapport.matching.rounds.whole import sees_everybody

PAGE = 50
Kind = LeftWithout.Kind
ORDER = (Kind.TAKEN_OUT, Kind.NEEDED_ELSEWHERE, Kind.NOBODY_FITS, Kind.NOT_READY)
BOTH = ("mentor__person", "mentee__person", "mentor__site", "mentee__site", "mentor__program", "mentee__program")


@dataclass
class Pair:
    """One row of a round's page: the draft, and each part of its score in words."""

    draft: object
    parts: list[dict]
    broken: list[str]


def rounds_of(program, user, before):
    """The program's rounds, newest first, and the address of the next older page."""
    rounds = Round.objects.visible_to(user).filter(program=program).select_related("made_by", "program").order_by("-pk")
    if before:
        rounds = rounds.filter(pk__lt=before)
    rows, older = places.cut(rounds, PAGE)
    count_pairs(rows, user)
    return rows, f"?before={older}" if older else ""


def count_pairs(rounds, user):
    """Give each round its `served` and `all` as this reader may count them."""
    pairs = counted(Draft.objects.visible_to(user), rounds)
    left = counted(LeftWithout.objects.visible_to(user).exclude(kind=LeftWithout.Kind.NOT_READY), rounds)
    late = counted(LeftWithout.objects.visible_to(user).filter(kind=LeftWithout.Kind.NOT_READY), rounds)
    for one in rounds:
        one.served, one.not_ready = pairs.get(one.pk, 0), late.get(one.pk, 0)
        one.looked_at = one.served + left.get(one.pk, 0)
        one.sentence = sentence(one.served, one.looked_at)


def counted(rows, rounds):
    rows = rows.filter(round__in=[one.pk for one in rounds]).values("round").annotate(n=Count("pk"))
    return {row["round"]: row["n"] for row in rows}


def sentence(served, looked_at):
    """The page's title: who finds a mentor."""
    if not looked_at:
        return _("Nobody was waiting for a mentor")
    words = ngettext("%(n)d of %(all)d finds a mentor", "%(n)d of %(all)d find a mentor", looked_at)
    return words % {"n": served, "all": looked_at}


def waiting_now(program, user):
    """How many this reader could match now: mentees who wait, mentors with a free place."""
    at = timezone.now()
    return (
        gathering.waiting_mentees(program, at).visible_to(user, Right.MATCHING_RUN, at).count(),
        gathering.free_mentors(program, at).visible_to(user, Right.MATCHING_RUN, at).count(),
    )


def pairs_of(kept, user, after):
    """The pairs of a round, weakest first, each part in words; and the address of the next page."""
    drafts = kept.drafts.visible_to(user).select_related(*BOTH, "match", "match__program").order_by("score", "pk")
    if last := kept.drafts.filter(pk=after).first():
        drafts = drafts.filter(Q(score__gt=last.score) | Q(score=last.score, pk__gt=last.pk))
    rows, next_place = places.cut(drafts, PAGE)
    return with_parts(rows, kept), f"?after={next_place}" if next_place else ""


def with_parts(drafts, kept):
    """Drafts of a round, with the parts of their scores in words and the rules they break."""
    on, labels = day_in(kept.made_at, kept.program.zone), {one["code"]: one["label"] for one in kept.criteria}
    known.give([one for draft in drafts for one in (draft.mentee, draft.mentor)], kept.criteria, on)
    return [
        Pair(
            draft,
            parts_in_words(draft.parts, kept.criteria, draft.mentee, draft.mentor),
            [labels[code] for code in draft.breaks if code in labels],
        )
        for draft in drafts
    ]


def parts_in_words(parts, criteria, mentee, mentor):
    """The parts of one score, which add up to it, with their labels and words: what they share, what is not shared.

    Those to which an answer is missing come last, in one line.
    """
    by_code = {criterion["code"]: criterion for criterion in criteria}
    traits = [known.traits_of(one) for one in (mentee, mentor)]
    judged = [(by_code[part["code"]], part) for part in parts if part["code"] in by_code]
    rows = [
        {"label": one["label"], "points": part["points"], "most": one["weight"], "known": True}
        | {"words": wording.part_words(one, part, *traits), "lacks": wording.not_shared(one, *traits)}
        for one, part in judged
        if part["known"]
    ]
    rows += [
        {"label": _("Wishes"), "points": part["points"], "most": 0, "known": True, "lacks": ""}
        | {"words": wording.wish(part)}
        for part in parts
        if part["code"] == "wish"
    ]
    if missing := [f"{one['label']} {part['points']}" for one, part in judged if not part["known"]]:
        words = _("not answered, and given the mean: %(what)s") % {"what": ", ".join(missing)}
        rows.append({"label": "", "words": words, "known": False})
    return rows


def left_of(kept, user, most=200):
    """Who is left without, by kind: [(kind, its words, rows)], and whether there are more than shown. Why nobody was
    found counts all whom the round looked at: it is said to who sees everybody."""
    rows = list(
        LeftWithout.objects.visible_to(user).filter(round=kept).select_related("mentee__person", "mentee__program")
        .order_by("kind", "reason", "pk")[: most + 1]
    )  # fmt: skip
    shown = rows[:most]
    helping, sees = Helping(kept, shown, user), sees_everybody(user, kept.program, timezone.now())
    for row in shown:
        is_told = sees or row.kind == Kind.NOT_READY
        why = row.reason if is_told else _("Nobody was found for them in this plan.")
        row.said = (why, *helping.sentences(row))
    shown.sort(key=lambda row: row.said)
    groups = [(kind.label, [row for row in shown if row.kind == kind]) for kind in ORDER]
    return [group for group in groups if group[1]], len(rows) > most


def of_draft(kept, user):
    """What the head of a round's page says: whether there are others, pairs locked, and those that break a rule."""
    pairs = Draft.objects.visible_to(user).filter(round=kept)
    breaking = pairs.exclude(breaks=[]).select_related(*BOTH).order_by("score", "pk")[:PAGE]
    return {
        "others": Round.objects.filter(program=kept.program_id).exclude(pk=kept.pk).exists(),
        "locked": pairs.locked().exists(),
        "breaking": with_parts(list(breaking), kept),
    }
