"""What the columns of a list are, and whether a row can be read so, whatever kind of list it is."""

from django.utils.translation import gettext as _

from rapport.imports import logs, pairs
from rapport.imports import mapping as people
from rapport.imports.mapping import Mapping, MappingRefused
from rapport.imports.reading import read_row

PAIRS, LOGS = "matches", "logs"


def propose(headings, chosen=None, *, samples=None, what) -> Mapping:
    """What its headings and samples say, then what was chosen on purpose. Raises MappingRefused."""
    if what == LOGS:  # its headings are named as they are, or the list is refused
        columns = logs.columns_of(headings)
        return Mapping({headings[place]: name for name, place in columns.items()})
    if what == PAIRS:
        return pairs.propose(headings, chosen, samples=samples)
    return people.propose(headings, chosen, samples=samples, what=what)


def refuse_unfinished(mapping, what):
    """A doubt where nobody can be asked, or a column a list cannot be without. Raises MappingRefused."""
    for heading in mapping.doubts:
        words = _(
            "The days in %(column)r can be read in two ways, such as 3/4/2012. Say which, with --map and a line: "
            '"%(plain)s" = "%(field)s.day_first", or "%(field)s.month_first".'
        )
        field = pairs.meanings().get(people.squeezed(heading), "begun_on") if what == PAIRS else "born_on"
        raise MappingRefused(None, words % {"column": heading, "plain": heading, "field": field})
    if what == PAIRS:
        pairs.refuse_incomplete(mapping)


def lacking(mapping, what) -> list[str]:
    """What a list still needs so that its rows can be known, in sentences."""
    taken = set(mapping.fields.values())
    if what == PAIRS:
        return [pairs.lacking(mapping)] if pairs.lacking(mapping) else []
    found = []
    if not {"given_name", "full_name"} & taken:
        found.append(_("No column is a name yet: a first name, or a whole name."))
    if not {"email", "external_id"} & taken:
        found.append(
            _("No column is an e-mail address or a number of your own: a second list could not know them again.")
        )
    return found


def read(headings, cells, mapping, what):
    """What a row says. Raises BadCell."""
    if what == PAIRS:
        return pairs.read_pair(headings, cells, mapping.fields)
    return read_row(headings, cells, mapping)
