"""What an outing may be, by the numbers of the program. Each thing in the way is a sentence; all are said at once."""

from datetime import timedelta

from django.utils.translation import gettext as _

from rapport.core.months import add_months, day_in
from rapport.meetings.models import Outing
from rapport.onboarding.questions import missing_gates
from rapport.programs import profiles


def broken(match, *, starts_at, ends_at, transport, at, is_new=True) -> list[str]:
    """Sentences, empty where nothing is in the way. `match` with its people; `is_new`: it is being asked for now."""
    program = match.program
    if profiles.on_site_only(program):
        return [_("In this program pairs meet at their site and nowhere else.")]
    said = hours_broken(program, starts_at, ends_at)
    if is_new and starts_at < at + program.limit("outing-notice"):
        said.append(_("It has to be asked for %(days)s before, so that there is time to think it over.")
                    % {"days": in_words(program.limit("outing-notice"))})  # fmt: skip
    on = day_in(starts_at, program.zone)
    return said + ages_broken(match, on, transport) + checks_broken(match, on)


def hours_broken(program, starts_at, ends_at):
    first, last = program.limit("outing-from"), program.limit("outing-until")
    begins, ends = (moment.astimezone(program.zone) for moment in (starts_at, ends_at))
    said = []
    if begins.hour < first or begins.date() != ends.date() or (ends.hour, ends.minute) > (last, 0):
        hours = {"first": f"{first}:00", "last": f"{last}:00"}
        said.append(_("It has to be on one day, between %(first)s and %(last)s.") % hours)
    if ends_at - starts_at > program.limit("outing-hours"):
        said.append(_("It may last %(hours)s at most.") % {"hours": in_words(program.limit("outing-hours"))})
    return said


def ages_broken(match, on, transport):
    program, said = match.program, []
    children = children_of(match, on)
    if any(not is_at_least(one, program.limit("outing-youngest"), on) for one in children):
        said.append(_("Somebody of you is too young for an outing on that day."))
    if transport == Outing.Transport.CAR and any(
        not is_at_least(one, program.limit("outing-car"), on) for one in children
    ):
        said.append(_("They cannot go in the mentor's car. Choose another way to get there."))
    return said


def checks_broken(match, on):
    """Whether the mentors have, on that very day, all that is asked of them with a child beside them."""
    lacking = missing_gates(match.mentors, on, with_minor=bool(children_of(match, on)))
    return [_("Not every check of the mentor is valid on that day.")] if any(lacking.values()) else []


def children_of(match, on):
    """Everybody of the pair who counts as a child on that day."""
    people = [one.person for one in [*match.mentors, *match.mentees]]
    return [one for one in people if one.counts_as_child(match.program, on)]


def is_at_least(person, years, on):
    """By the birth date; whose is not known is old enough for nothing."""
    return person.born_on is not None and add_months(person.born_on, 12 * years) <= on


def in_words(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours % 24 == 0 and hours > 24:
        return _("%(number)s days") % {"number": hours // 24}
    return _("%(number)s hours") % {"number": hours}
