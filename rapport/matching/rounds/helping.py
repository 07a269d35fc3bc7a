"""What would help somebody left without, as the engine found it, in words: the fewest rules, and who competes.

A sentence that rests on people whom the reader may not see is not said, or without names.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.matching.engine.plain import FLOOR
from rapport.matching.rounds import wording
from rapport.people.models import Participant

WAYS = 2  # relaxations told of one mentee
NAMED = 6  # of those who compete


class Helping:
    """Sentences for rows of those left without, for one reader. Everybody they may speak of is read at once."""

    def __init__(self, kept, rows, user):
        self.criteria = {one["code"]: one for one in kept.criteria}
        keys = {int(key) for row in rows for key in spoken_of(row.told)}
        seen = Participant.objects.visible_to(user, Right.MATCHING_RUN).filter(pk__in=keys).select_related("person")
        self.names = {str(one.pk): one.person.first_name for one in seen}

    def sentences(self, row):
        """What is said of one row."""
        ways = [self.without(way) for way in row.told.get("relax", [])[:WAYS]]
        competing = self.competing(row.told.get("hall") or {})
        return [*filter(None, ways), *([competing] if competing else [])]

    def without(self, way):
        """One relaxation: which rules, what would be enough, whom they would have, and who would move for it."""
        labels = {code: one["label"] for code, one in self.criteria.items()} | {FLOOR: _("the floor")}
        if not set(way["rules"]) <= set(labels):
            return ""
        rules = "”, “".join(str(labels[code]) for code in way["rules"])
        said = ngettext(
            "Without the rule “%(rules)s”, for them alone, they would have a mentor",
            "Without the rules “%(rules)s”, for them alone, they would have a mentor",
            len(way["rules"]),
        ) % {"rules": rules}
        about = [way["mentor"], *(key for move in way["moved"] for key in move)]
        if all(key in self.names for key in about):
            said += f": {self.names[way['mentor']]}" + "".join(self.moved(*move) for move in way["moved"])
        return " ".join([f"{said}.", *(self.enough(code, step) for code, step in way.get("widen", {}).items())])

    def moved(self, mentee, _from, to):
        return _(", if %(mentee)s goes to %(mentor)s") % {"mentee": self.names[mentee], "mentor": self.names[to]}

    def enough(self, code, step):
        """How far an ordered gap would have to reach, or how low the floor would have to be."""
        if code == FLOOR:
            return _("A floor of %(n)d points would be enough.") % {"n": step}
        [(end, n)] = step.items()
        words = _("For “%(rule)s” up to %(n)d steps would be enough.")
        if end == "least":
            words = _("For “%(rule)s” from %(n)d steps would be enough.")
        return words % {"rule": self.criteria[code]["label"], "n": n}

    def competing(self, hall):
        """Who competes for too few places: "these 14 compete for 11 places"."""
        people = [*hall.get("mentees", []), *hall.get("mentors", [])]
        all_told = len(people) == hall.get("mentees_n", 0) + hall.get("mentors_n", 0)
        if not hall.get("places") or not all_told or not all(key in self.names for key in people):
            return ""
        names = [self.names[key] for key in hall["mentees"]]
        who = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        said = {"n": len(names), "who": who, "places": hall["places"]}
        words = ngettext(
            "%(n)d (%(who)s) compete for one place.", "%(n)d (%(who)s) compete for %(places)d places.", hall["places"]
        )
        return " ".join([words % said, *self.all_want(hall["common"])])

    def all_want(self, common):
        """What all of them told to rules that forbid."""
        told = [
            ", ".join(wording.said_so(one["of"], self.criteria[one["code"]]["settings"].get("trait")))
            for one in common
            if one["code"] in self.criteria
        ]
        if told:
            yield _("All want: %(what)s.") % {"what": "; ".join(told)}


def spoken_of(told):
    """The keys of everybody in what the engine found."""
    for way in told.get("relax", [])[:WAYS]:
        yield from [way["mentor"], *(key for move in way["moved"] for key in move)]
    for side in ("mentees", "mentors"):
        yield from (told.get("hall") or {}).get(side, [])
