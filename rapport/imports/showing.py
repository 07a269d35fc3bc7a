"""A staged row as people read it, and as the file had it."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

FIELDS = ("email", "phone", "born_on", "language", "site", "capacity")
WORDS = {
    "given_name": lazy("First name"), "family_name": lazy("Family name"), "full_name": lazy("Whole name"),
    "email": lazy("E-mail address"), "phone": lazy("Telephone"), "born_on": lazy("Date of birth"),
    "language": lazy("Language"), "external_id": lazy("Number in your records"), "site": lazy("Site"),
    "mentor": lazy("Mentor"), "mentee": lazy("Mentee"), "begun_on": lazy("Met since"),
    "agreed_on": lazy("Agreed how on"), "coordinator": lazy("Coordinator"), "met_before": lazy("How often they met"),
    "last_met_on": lazy("Last met on"), "met_on": lazy("Met on"), "talks": lazy("Earlier talks"),
    "day": lazy("Day"), "began": lazy("When it began"), "minutes": lazy("Minutes"), "met": lazy("Whether they met"),
    "why not": lazy("Why they did not meet"), "where": lazy("Kind of place"), "place": lazy("Place"),
    "activity": lazy("What they did"), "what": lazy("What they did, in words"), "words": lazy("The mentor's words"),
    "capacity": lazy("How many at a time"), "would_be_both": lazy("Would be mentor and mentee"),
    "born_on.day_first": lazy("Date of birth, day first: 27 3 2012"),
    "born_on.month_first": lazy("Date of birth, month first: 3 27 2012"),
    "supervisor": lazy("Supervisor"), "supervises": lazy("Volunteers they look after"),
    "guardian_full_name": lazy("Guardian: whole name"), "guardian_given_name": lazy("Guardian: first name"),
    "guardian_family_name": lazy("Guardian: family name"), "guardian_email": lazy("Guardian: e-mail address"),
    "guardian_phone": lazy("Guardian: telephone"), "guardian_relation": lazy("Guardian: what they are to the child"),
}  # fmt: skip


ORDERS = {  # of the days in a list of pairs
    "day_first": lazy("%(field)s, day first: 27 3 2024"), "month_first": lazy("%(field)s, month first: 3 27 2024"),
}  # fmt: skip


def in_words(field):
    """A field as people call it; a trait, kept for matching, by its own name."""
    if field.startswith("trait."):
        return _("%(trait)s, for matching") % {"trait": field.removeprefix("trait.").replace("_", " ").capitalize()}
    name, _dot, order = field.partition(".")
    if field not in WORDS and order in ORDERS:
        return ORDERS[order] % {"field": in_words(name)}
    return WORDS.get(field, field)


def columns_in_words(staged):
    """Each heading of the file with what it is taken for."""
    return [(heading, in_words(field)) for heading, field in staged.mapping.get("fields", {}).items()]


CHANGED = {  # what a roster changes, in words
    "name": lazy("Name: %(was)s, now %(now)s"), "born_on": lazy("Date of birth: %(was)s, now %(now)s"),
    "site": lazy("School: %(was)s, now %(now)s"), "email": lazy("One more e-mail address: %(now)s"),
    "phone": lazy("One more number: %(now)s"), "id": lazy("The roster knows them as %(now)s"),
    "guardian": lazy("Now a guardian: %(now)s"),
    "guardian-email": lazy("A new e-mail address of %(now)s"), "guardian-phone": lazy("A new number of %(now)s"),
    "guardian-ended": lazy("On the roster no more, guardian until now: %(was)s"),
}  # fmt: skip


def changes_in_words(row):
    """What this row changes, a sentence each. What was empty before is said as a dash."""
    return [
        CHANGED[change["what"]] % {name: as_read(change["what"], change.get(name)) for name in ("was", "now")}
        for change in row.changes
        if change["what"] in CHANGED
    ]


def as_read(what, value):
    if not value:
        return "–"
    return date_format(date.fromisoformat(value), "j F Y") if what == "born_on" else value


def shown(row):
    """Who the row is about, what it says in short, and the column that is wrong."""
    cells, column = row.cells, in_words(row.column)
    if "pair" in cells:
        return {"name": cells["pair"], "said": cells["said"], "column": column}
    if "as typed" in cells:
        hidden = cells.get("hidden", [])  # what somebody wrote is read where it belongs
        said = ", ".join(cell for name, cell in cells["as typed"].items() if cell and name not in hidden)
        return {"name": _("row %(n)d") % {"n": row.number}, "said": said, "column": column}
    name = cells.get("supervisor") or " ".join(filter(None, [cells.get("given_name"), cells.get("family_name")]))
    said = cells.get("supervises", []) + [str(cells[field]) for field in FIELDS if cells.get(field) not in (None, "")]
    return {"name": name or _("row %(n)d") % {"n": row.number}, "said": ", ".join(said), "column": column}


def headings_of(staged):
    """The mapped headings of a list, in the order of the file; what was left out does not come back."""
    fields = staged.mapping.get("fields", {})
    return [heading for heading in staged.columns if heading in fields] or ["given_name", "family_name", "external_id"]


def as_brought(row, staged, headings):
    """The cells of a row under these headings."""
    typed = row.cells.get("as typed")
    if typed is not None:
        return [typed.get(heading, "") for heading in headings]
    fields = staged.mapping.get("fields", {})
    return [cell_of(row.cells, fields.get(heading, heading)) for heading in headings]


def cell_of(cells, field):
    if field == "full_name":
        return " ".join(filter(None, [cells.get("given_name"), cells.get("family_name")]))
    value = (
        cells.get("traits", {}).get(field.removeprefix("trait.")) if field.startswith("trait.") else cells.get(field)
    )
    return ", ".join(value) if isinstance(value, list) else "" if value is None else value
