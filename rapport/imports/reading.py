"""From the cells of a row to what they say about a person."""

import re
from functools import cache

import phonenumbers
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rapport.core.fields import clean_line, clean_words, parse_day
from rapport.imports.files import MOST_SIGNS_IN_A_CELL
from rapport.imports.mapping import DAY_FIRST, MONTH_FIRST, recipe
from rapport.people.enrolling import Newcomer

YES = {"yes", "y", "true", "1", "x"}
NO = {"no", "n", "false", "0", ""}
MOST_MATCHES = 50
NAME_LENGTH = 100
NOT_WORKED_OUT = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
NO_VALUE = "#FORMULA!"  # as workbook_child.py writes a formula that was never worked out


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
    if cell in NOT_WORKED_OUT:
        raise ValidationError(f"The spreadsheet could not work this cell out: {cell}.")
    if cell == NO_VALUE:
        raise ValidationError("This is a formula without a value. Open the file in a spreadsheet, and save it again.")
    if wanted.startswith("trait."):
        name = wanted.removeprefix("trait.")
        traits[name] = several(cell) if name in many else clean_words(cell, most=MOST_SIGNS_IN_A_CELL).strip()
    else:
        said[wanted.partition(".")[0]] = READERS.get(wanted.removeprefix("guardian_"), line)(cell)


def newcomer(said, traits, mapping, source):
    said = in_two_names(said)
    contact = {name.removeprefix("guardian_"): said.pop(name) for name in list(said) if name.startswith("guardian_")}
    relation = contact.get("relation", "").casefold()
    if not said.get("given_name"):
        raise BadCell(column_of(mapping, "given_name", "full_name"), "There is no name.")
    if not said.get("email") and not said.get("external_id"):
        raise BadCell(
            column_of(mapping, "email", "external_id"),
            "There is neither an e-mail address nor an id: a second run could not know this person again.",
        )
    source = source if said.get("external_id") else ""
    if relation in recipe()["no_guardian"]["relations"]:
        return Newcomer(**said, traits=traits, source=source, passed_over=f"{relation!r} is no guardian: passed over.")
    return Newcomer(**said, traits=traits, source=source, guardians=guardian(contact, mapping))


def guardian(contact, mapping):
    """Who stands for the child of this row, as the row says: one, or nobody. Raises BadCell.

    Half a guardian keeps the row out: half a family helps nobody.
    """
    contact = in_two_names(contact)
    if not any(value for name, value in contact.items() if name != "relation"):
        return []
    if not contact.get("given_name"):
        raise BadCell(column_of(mapping, "guardian_given_name", "guardian_full_name"), "The guardian has no name.")
    return [Newcomer(**contact)]


def in_two_names(said):
    """A whole name as a first and a family name, where they do not stand there themselves."""
    given, _, family = said.get("full_name", "").partition(" ")
    said = {name: value for name, value in said.items() if name != "full_name"}
    if given:
        said["given_name"], said["family_name"] = said.get("given_name") or given, said.get("family_name") or family
    return said


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


def month_first(cell):
    """A day as 3/27/2012, as lists of some countries have it."""
    text = clean_line(cell, most=40)
    if not (found := re.fullmatch(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})", text)):
        return day(text)
    month, of_month, year = found.groups()
    if not 1 <= int(month) <= 12:
        raise ValidationError(f"There is no month {month}: this list writes the month first, as was said.")
    return parse_day(f"{year}-{month}-{of_month}")


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


def language(cell):
    """The code of a language, which may be written as its name, in English or in itself."""
    word = clean_line(cell, most=40)
    if not word or re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", word):
        return word
    code = languages().get(word.casefold())
    if code is None:
        raise ValidationError(f"{word!r} is no language we know. Write its code, such as en or es.")
    return code


@cache
def languages():
    """The codes of languages by their names."""
    known = {code: info for code, info in LANG_INFO.items() if "name" in info and "-" not in code}
    return {info[name].casefold(): code for code, info in known.items() for name in ("name_local", "name")}


READERS = {
    "email": email, "phone": phone, "born_on": day, DAY_FIRST: day, MONTH_FIRST: month_first,
    "would_be_both": yes_or_no, "capacity": count, "language": language,
}  # fmt: skip
