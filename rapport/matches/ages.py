"""Where pupils mentor pupils, some years lie between them: the program's limit `age-gap` (requirements.md §6.1)."""

from rapport.core.months import add_months

AGE_GAP = "age-gap"
MONTHS = 12


def years_between(program) -> int:
    """By how many years a mentor of this program must be older than the mentee; 0 where it asks for none."""
    limit = program.limits_by_code.get(AGE_GAP)
    return limit.value if limit else 0


def is_old_enough(mentor, mentee, years: int) -> bool:
    """Whether these persons are so many years apart. Without both birth dates nobody can tell, so: no."""
    if not years:
        return True
    if mentor.born_on is None or mentee.born_on is None:
        return False
    return add_months(mentor.born_on, MONTHS * years) <= mentee.born_on


def too_near_in_age(program, mentors, mentees) -> set[tuple[int, int]]:
    """Pairs of participants (mentor, mentee), by primary key, that this program would not put together."""
    years = years_between(program)
    if not years:
        return set()
    return {
        (mentor.pk, mentee.pk)
        for mentor in mentors
        for mentee in mentees
        if not is_old_enough(mentor.person, mentee.person, years)
    }
