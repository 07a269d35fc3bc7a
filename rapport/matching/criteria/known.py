"""What the program knows of people by itself, under the names that criteria look at: nobody is asked again.

Apps above tell what they know by `tell`, in `AppConfig.ready()`, as they do at the doors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.months import full_years
from rapport.matching.criteria import vocabulary
from rapport.people.models import Participant

SEEN = 500  # of each side, the latest first: enough to find the columns that lists brought
SPAN = 10  # years of an age group


@dataclass(frozen=True)
class Known:
    """`of(participants, on)` gives {primary key: what is known}, in one query; `words` says what two share."""

    label: Any
    of: Callable
    words: Callable | None = None


KNOWN: dict[str, Known] = {}
TOLD = {  # columns that have a name of their own, whether or not a list brought them yet
    "interests": lazy("Interests"),
    "values": lazy("Values"),
    "life_experience": lazy("Life experience"),
    "languages": lazy("Languages they speak"),
    "skills_offered": lazy("Skills they offer"),
    "skills_needed": lazy("Skills they look for"),
    "gender": lazy("Gender, where they told it"),
}


def tell(name, label, of, words=None):
    """Say what an app knows of participants under this name."""
    KNOWN[name] = Known(label, of, words)


def places(participants, on):
    return {one.pk: one.site.name if one.site else "" for one in participants}


def written_in(participants, on):
    names = dict(settings.LANGUAGES)
    return {one.pk: str(names.get(one.person.language, one.person.language)) for one in participants}


def age_groups(participants, on):
    dated = [one for one in participants if one.person.born_on]
    return {one.pk: group_of(one.person.born_on, on) for one in dated}


def group_of(born_on, on):
    first = full_years(born_on, on) // SPAN * SPAN
    return _("%(first)d to %(last)d") % {"first": first, "last": first + SPAN - 1}


tell("site", lazy("Site"), places)
tell("language", lazy("The language we write to them in"), written_in)
tell("age_group", lazy("Age, in tens of years"), age_groups)


def looked_at(criteria):
    """The names that these criteria (rows, or as a round keeps them) look at."""
    all_settings = [one["settings"] if isinstance(one, dict) else one.settings for one in criteria]
    return {told[key] for told in all_settings for key in ("trait", "mentee", "mentor", "only_if") if told.get(key)}


def give(participants, criteria, on):
    """Put on each participant (with person and site) what is known of them and these criteria look at, in the words of
    the program where it has a list of them."""
    names = looked_at(criteria)
    found = {name: KNOWN[name].of(participants, on) for name in sorted(names & set(KNOWN))}
    lists = vocabulary.same_words(participants[0].program_id, names) if participants else {}
    for one in participants:
        one.known = {name: rows[one.pk] for name, rows in found.items() if rows.get(one.pk)}
        one.known |= {
            name: vocabulary.said(one.traits[name], same) for name, same in lists.items() if one.traits.get(name)
        }


def traits_of(one):
    """What one participant told, and what is known of them."""
    return {**one.traits, "site": one.site.name if one.site else "", **getattr(one, "known", {})}


def name_in_words(name):
    """What a criterion looks at, as people call it."""
    if name in KNOWN:
        return KNOWN[name].label
    return TOLD.get(name) or name.replace("_", " ").capitalize()


def names_in(program):
    """{name: its words} of everything a criterion of this program may look at, what is known by itself first."""
    told: set[str] = set()
    for side in Participant.Side.values:
        rows = program.participants.filter(side=side).order_by("-pk").values_list("traits", flat=True)[:SEEN]
        told |= {name for traits in rows for name in traits}
    told |= looked_at(program.criteria.all())
    others = sorted(told - set(KNOWN) - set(TOLD))
    return {name: name_in_words(name) for name in [*KNOWN, *TOLD, *others]}
