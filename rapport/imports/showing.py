"""A staged row as people read it, and as the file had it."""

from django.utils.translation import gettext as _

FIELDS = ("email", "phone", "born_on", "language", "site", "capacity")


def shown(row):
    """Who the row is about, and what it says, in short."""
    cells = row.cells
    if "as typed" in cells:
        return {"name": _("row %(n)d") % {"n": row.number}, "said": ", ".join(filter(None, cells["as typed"].values()))}
    name = " ".join(filter(None, [cells.get("given_name"), cells.get("family_name")]))
    said = [str(cells[field]) for field in FIELDS if cells.get(field) not in (None, "")]
    return {"name": name or _("row %(n)d") % {"n": row.number}, "said": ", ".join(said)}


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
