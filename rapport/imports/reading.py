"""From the cells of a row to what they say about a person."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rapport.core.fields import clean_line, clean_words, parse_day
from rapport.imports.files import MOST_SIGNS_IN_A_CELL
from rapport.people.enrolling import Newcomer

YES = {"yes", "y", "true", "1", "x"}
NO = {"no", "n", "false", "0", ""}
MOST_MATCHES = 50
NAME_LENGTH = 100


class BadCell(Exception):
    """One cell that cannot be right: which column, and why, in a sentence."""

    def __init__(self, column, reason):
        self.column, self.reason = column, reason
        super().__init__(reason)


def read_row(headings, cells, mapping, *, source=""):
    """What a row says, as a Newcomer. Raises BadCell for the first cell that cannot be right."""
    if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
        raise BadCell("", f"This row has {len(cells)} cells, the headings are {len(headings)}.")
    if len(cells) < len(headings):
        raise BadCell("", f"This row has {len(cells)} cells, the headings are {len(headings)}.")
    said, traits = {}, {}
    for heading, cell in zip(headings, cells, strict=False):
        wanted = mapping.fields.get(heading)
        if wanted is None:
            continue
        try:
            keep(said, traits, wanted, cell, mapping.many)
        except ValidationError as error:
            raise BadCell(heading, " ".join(error.messages)) from error
    return newcomer(said, traits, mapping, source)


def keep(said, traits, wanted, cell, many):
    if len(cell) > MOST_SIGNS_IN_A_CELL:
        raise ValidationError(f"This cell is too long: {len(cell)} signs.")
    if wanted.startswith("trait."):
        name = wanted.removeprefix("trait.")
        traits[name] = several(cell) if name in many else clean_words(cell, most=MOST_SIGNS_IN_A_CELL).strip()
    else:
        said[wanted] = READERS.get(wanted, line)(cell)


def newcomer(said, traits, mapping, source):
    if "full_name" in said:
        given, _, family = said.pop("full_name").partition(" ")
        said.setdefault("given_name", given)
        said.setdefault("family_name", family)
    if not said.get("given_name"):
        raise BadCell(column_of(mapping, "given_name", "full_name"), "There is no name.")
    if not said.get("email") and not said.get("external_id"):
        raise BadCell(
            column_of(mapping, "email", "external_id"),
            "There is neither an e-mail address nor an id: a second run could not know this person again.",
        )
    return Newcomer(**said, traits=traits, source=source if said.get("external_id") else "")


def column_of(mapping, *wanted):
    return next((heading for heading, name in mapping.fields.items() if name in wanted), "")


def line(cell):
    return clean_line(cell, most=NAME_LENGTH)


def email(cell):
    text = clean_line(cell, most=254).lower()
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError(f"{text[:60]!r} is no e-mail address.") from error
    return text


def phone(cell):
    """A number in its international form. One without a country code is kept only if it can be one as it stands."""
    text = clean_line(cell, most=40)
    if not text:
        return ""
    for attempt in (text, f"+{text.lstrip('+')}"):
        try:
            number = phonenumbers.parse(attempt, None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise ValidationError(f"{text!r} is no telephone number.")


def day(cell):
    return parse_day(clean_line(cell, most=40)) if cell.strip() else None


def yes_or_no(cell):
    word = clean_line(cell, most=20).casefold()
    if word not in YES | NO:
        raise ValidationError(f"{word!r} is neither yes nor no.")
    return word in YES if word else None


def count(cell):
    word = clean_line(cell, most=20)
    if not word:
        return None
    if not re.fullmatch(r"\d{1,3}", word) or not 0 <= int(word) <= MOST_MATCHES:
        raise ValidationError(f"{word!r} is no number from 0 to {MOST_MATCHES}.")
    return int(word)


def several(cell):
    """The values of a cell, in the order they stand, each once."""
    words = (clean_line(word, most=NAME_LENGTH) for word in re.split(r"[,;]", cell))
    return list(dict.fromkeys(word for word in words if word))


READERS = {"email": email, "phone": phone, "born_on": day, "would_be_both": yes_or_no, "capacity": count}
