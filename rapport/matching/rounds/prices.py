"""What each choice of a round cost, in words. The one place that reads what the engine says of its policy.

Of people whom a reader may not see nothing is named, and no figure of them is told: what a choice costs all together
is for whoever sees all of them.
"""

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.matching.rounds.whole import sees_everybody
from rapport.onboarding.interviews import reading
from rapport.people.models import Participant

NAMES = {
    "maximin": lazy("the weakest pair as good as can be"),
    "bands": lazy("as few weak pairs as can be"),
    "floor": lazy("rather nobody than a pair below the floor"),
    "waiting": lazy("whoever waits longest first"),
    "needs": lazy("who needs it most first"),
    "stability": lazy("pairs both would have chosen"),
}
NEEDS = "needs"  # of whom this choice leaves without only those are named whose needs the reader reads
NAMED = 12  # of those whom a choice leaves without


def of_round(kept, user):
    """{sentences, rows: [(choice, price, people it leaves without)]} for the page; empty where nothing is known."""
    told = [one for one in kept.policy.get("choices", []) if one["code"] in NAMES]
    keys = {int(key) for one in told for key in one.get("unmatched", [])[: 4 * NAMED]}
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN).filter(pk__in=keys).select_related("person")
    people = {str(one.pk): one.person for one in seen}
    reads = {}
    if any(one["code"] == NEEDS for one in told):
        mine = reading.readable(user, kept.program, Participant.Side.MENTEE).filter(pk__in=keys)
        reads = {str(pk): people[str(pk)] for pk in mine.values_list("pk", flat=True) if str(pk) in people}
    rows = [(NAMES[one["code"]], price(one), named(one, reads if one["code"] == NEEDS else people)) for one in told]
    if not sees_everybody(user, kept.program, timezone.now()):
        return {"sentences": [], "rows": [(name, "–", left) for name, _price, left in rows if left]}
    return {"sentences": list(sentences(kept.policy)), "rows": rows}


def named(choice, people):
    """Whom a choice leaves without, of these people."""
    return [people[key] for key in choice.get("unmatched", []) if key in people][:NAMED]


def price(choice):
    """What one choice gives up of the most points there are."""
    if not choice.get("price"):
        return _("nothing")
    return _("%(share)s of all points") % {"share": per_cent(choice["price_permille"])}


def per_cent(permille):
    """A share in words: 1.2 %."""
    return _("%(share)s %%") % {"share": number_format(permille / 10, 1)}


def sentences(told):
    """How good the weakest pair is, and how many would rather have each other."""
    if told.get("worst") is None:
        return  # nobody was paired
    if told["worst"] == told.get("worst_possible"):
        yield _("No plan that serves as many has a better weakest pair.")
    elif told.get("worst_possible") is not None:
        yield _("The weakest pair could have %(n)d points; the other choices went before.") % {
            "n": told["worst_possible"]
        }
    if told.get("blocking") == 0:
        yield _("No two people would rather have each other than whom this plan gives them.")
    elif told.get("blocking"):
        words = ngettext(
            "One mentee and one mentor would rather have each other than whom this plan gives them.",
            "%(n)d mentees and mentors would rather have each other than whom this plan gives them.",
            told["blocking"],
        )
        yield words % {"n": told["blocking"]}
