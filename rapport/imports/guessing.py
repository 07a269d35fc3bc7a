"""What a column is by what stands in it: a few cells tell more than a heading that nobody knows."""

import re
from dataclasses import dataclass, field

LOOKED_AT = 200  # rows from the top
SHOWN = 3
ENOUGH = 0.7  # of the cells that are filled
FEWEST = 2  # filled cells before anything is said of a column that its heading does not name

ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
NUMBER = re.compile(r"\+?[\d\s()./-]{8,22}")
SLASHED = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*(\d{4})")
DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./ -]\d{1,2}[./ -]\d{4}|\d{1,2}\.? ?[^\W\d_]{3,12},? \d{4}")
NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?: [^\W\d_][^\W\d_'’.-]*){1,4}")
YES_OR_NO = {"yes", "no", "y", "n", "true", "false"}


@dataclass
class Samples:
    """The first rows of a list, column by column."""

    cells: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, headings, rows):
        """From the rows as the file gives them; a row of another length tells nothing sure."""
        whole = [cells for _, cells in rows if len(cells) == len(headings)]
        return cls({heading: [row[place].strip() for row in whole] for place, heading in enumerate(headings)})

    def filled(self, heading):
        return [cell for cell in self.cells.get(heading, []) if cell]

    def few(self, heading):
        """Three different cells, as the page shows them."""
        return [cell[:60] for cell in list(dict.fromkeys(self.filled(heading)))[:SHOWN]]


def kind_of(cells):
    """email, born_on, phone, full_name, or nothing: what nearly all of these cells are."""
    if not cells:
        return ""
    return next((kind for kind, tells in KINDS.items() if share(cells, tells) >= ENOUGH), "")


def share(cells, tells):
    return sum(bool(tells(cell)) for cell in cells) / len(cells)


def is_number(cell):
    return NUMBER.fullmatch(cell) and not DAY.fullmatch(cell) and 8 <= sum(sign.isdigit() for sign in cell) <= 15


KINDS = {
    "email": ADDRESS.fullmatch,
    "born_on": DAY.fullmatch,
    "phone": is_number,
    "yes or no": lambda cell: cell.casefold() in YES_OR_NO,
    "full_name": NAME.fullmatch,
}


def order_of(cells):
    """How days such as 3/4/2012 are to be read: "day" or "month" first, "" where there are none, "?" where it cannot
    be told or both stand there."""
    pairs = [(int(found[1]), int(found[2])) for cell in cells if (found := SLASHED.fullmatch(cell))]
    if not pairs:
        return ""
    day_first, month_first = any(one > 12 for one, _ in pairs), any(other > 12 for _, other in pairs)
    if day_first == month_first:
        return "" if all(one == other for one, other in pairs) else "?"
    return "day" if day_first else "month"
