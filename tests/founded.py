"""A program of the tests gets its profile's rules by the statements that wrote them the first time.

Nearly every test founds a program, and of that most is Django's work to make the same nine statements for 140 rows. A
program with rules of its own, and the first of each profile, are written as a house writes them.
"""

import re

import pytest
from django.db import connection

from rapport.programs import actions, profiles

INSERT = re.compile(r'INSERT INTO "\w+" \(([^)]+)\) ')


@pytest.fixture(autouse=True, scope="session")
def founded_once():
    plain, kept = actions.write_rules, {}

    def write_rules(program, words):
        if words != profiles.kept(program.profile):
            return plain(program, words)
        if program.profile not in kept:
            kept[program.profile] = noted(lambda: plain(program, words))
        else:
            with connection.cursor() as cursor:
                for sql, values, at in kept[program.profile]:
                    values[at] = [of_all(was, program.pk) for was in values[at]]
                    cursor.execute(sql, values)
        return None

    actions.write_rules = write_rules
    yield
    actions.write_rules = plain


def of_all(was, program):
    """The program in place of another: for one row, or, as PostgreSQL is told, for all rows at once."""
    return [program] * len(was) if isinstance(was, list) else program


def noted(write):
    """[(statement, its values, where in them the program stands)] of what is written."""
    said = []

    def note(execute, sql, values, many, context):
        columns = INSERT.match(sql)[1].split(", ")
        at = slice(columns.index('"program_id"'), None, len(columns))
        said.append((sql, list(values), at))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        write()
    return said
