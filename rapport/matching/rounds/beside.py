"""Two rounds side by side, as far as this reader sees both: who is served in one alone, who has another mentor."""

from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.core import places
from rapport.matching.models import Draft
from rapport.matching.rounds.prices import per_cent
from rapport.people.models import Participant

OFFERED = 20  # rounds to choose from
PAGE = 50


def of_two(kept, other, user, after):
    """{figures, rows, more} for the page: figures of both, mentees whose place differs, the next page."""
    rows, more = differing(kept, other, user, after)
    both = [figures(one, user) for one in (kept, other)]
    return {"figures": both, "price": price(*both), "rows": rows, "more": more}


def price(here, there):
    """What this round gives up against the other, or gains, in a sentence."""
    more, points = here["served"] - there["served"], here["total"] - there["total"]
    if not points:
        return _("%(pairs)s, and as many points.") % {"pairs": pairs_more(more)}
    share = per_cent(abs(points) * 1000 / there["total"]) if there["total"] else "–"
    said = {"pairs": pairs_more(more), "points": abs(points), "share": share}
    if points > 0:
        return _("%(pairs)s, %(points)d points more together (%(share)s).") % said
    return _("%(pairs)s, %(points)d points fewer together (%(share)s).") % said


def pairs_more(n):
    if not n:
        return _("As many pairs as the other")
    if n > 0:
        return ngettext("%(n)d pair more than the other", "%(n)d pairs more than the other", n) % {"n": n}
    return ngettext("%(n)d pair fewer than the other", "%(n)d pairs fewer than the other", -n) % {"n": -n}


def figures(kept, user):
    """What this reader may count of a round: pairs, points, the weakest pair, pairs locked, pairs that break a rule."""
    pairs = Draft.objects.visible_to(user).filter(round=kept)
    counts = {
        "locked": Count("pk", filter=Q(locked_at__isnull=False)),
        "by_hand": Count("pk", filter=Q(is_by_hand=True)),
    }
    found = pairs.aggregate(served=Count("pk"), total=Sum("score", default=0), worst=Min("score"), **counts)
    return {"round": kept, **found, "breaking": pairs.exclude(breaks=[]).count()}


def differing(kept, other, user, after):
    """[(mentee, the draft here or None, the draft there or None)] where they differ, and where the next page begins."""
    here, there = (Draft.objects.visible_to(user).filter(round=one) for one in (kept, other))
    mentor = {
        name: Subquery(drafts.filter(mentee=OuterRef("pk")).values("mentor")[:1])
        for name, drafts in (("here", here), ("there", there))
    }
    people = Participant.objects.filter(Q(pk__in=here.values("mentee")) | Q(pk__in=there.values("mentee")))
    people = people.annotate(**mentor).exclude(here__isnull=False, there__isnull=False, here=F("there"))
    people = people.filter(pk__gt=after or 0).select_related("person", "program")
    shown, more = places.cut(people.order_by("pk"), PAGE)
    drafts = [
        {
            draft.mentee_id: draft
            for draft in side.filter(mentee__in=shown).select_related("mentor__person", "mentor__program")
        }
        for side in (here, there)
    ]
    return [(one, *(side.get(one.pk) for side in drafts)) for one in shown], more
