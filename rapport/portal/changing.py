"""Changing a rule of a program, with all that follows from it, and what to say of that before it is done."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.checkins.actions.replanning import replan
from rapport.core.months import day_in
from rapport.onboarding.questions import ready
from rapport.people.models import Participant
from rapport.portal import forecast
from rapport.programs.actions import AlwaysAsked, always_asked, change_setting
from rapport.programs.models import GateRule, Limit, Promise

NAMED = 12  # people named of those who would be ready


@transaction.atomic
def change_rule(rule, numbers, *, by, at):
    """Change numbers of a promise or a limit; what a promise laid out ahead is laid out anew.

    Returns whether anything changed. Raises ChangedMeanwhile.
    """
    changed = change_setting(rule, numbers, by=by, at=at)
    if changed and isinstance(rule, Promise) and rule.kind == Promise.Kind.CHECK_IN:
        replan(rule, at=at)
    return changed


def foretold(rule, numbers, *, user, at):
    """What the change will send in the next thirty days, as sentences."""
    if not sends(rule):
        return [_("No ask and no reminder goes out because of this; what reads it does so from now on.")]
    program = rule.program
    try:
        was, now = forecast.compare(program, lambda: change_rule(rule, numbers, by=user, at=at), at=at)
    except forecast.TooLarge:
        most = {"most": forecast.MOST_MATCHES}
        return [_("More than %(most)d matches are open: what it sends is not counted on a page.") % most]
    return in_words(program, was, now, user=user, at=at)


def sends(rule):
    if isinstance(rule, Limit):
        return rule.code in forecast.READ_BY_THE_CLOCK
    return rule.kind == Promise.Kind.CHECK_IN and rule.is_on


def in_words(program, was, now, *, user, at):
    more, less = now.asks - was.asks, was.asks - now.asks
    said = []
    if more:
        n = more.total()
        said.append(
            ngettext("%(n)d more ask in the next 30 days%(first)s.", "%(n)d more asks in the next 30 days%(first)s.", n)
            % {"n": n, "first": the_first(program, more, user, at)}
        )
    if less:
        n = less.total()
        said.append(ngettext("%(n)d planned one is withdrawn.", "%(n)d planned ones are withdrawn.", n) % {"n": n})
    said += [
        difference(now.reminders.total() - was.reminders.total(), of_reminders),
        difference(now.calls - was.calls, of_calls),
    ]
    said = [one for one in said if one] or [_("Nothing that is sent in the next 30 days changes.")]
    all_told = {"now": now.asks.total(), "was": was.asks.total()}
    said.append(_("All asks of these days: %(now)d, instead of %(was)d.") % all_told)
    said.append(_("Counted as if nobody answered meanwhile; who does not answer twice is called instead."))
    if program.quiet_start:
        said.append(_("They wait for release, as everything does while the program starts quietly."))
    return said


def the_first(program, asks, user, at):
    """ ", the first on 3 December to Ama": named are those whom this reader may see."""
    day = min(day for day, _person in asks)
    seen = Participant.objects.visible_to(user, Right.PARTICIPANT_VIEW, at).filter(program=program)
    people = {person for on, person in asks if on == day}
    first = seen.filter(person__in=people).select_related("person").order_by("person__given_name", "pk").first()
    told = {"day": date_format(day, "j F"), "name": first.person.first_name if first else ""}
    return (_(", the first on %(day)s to %(name)s") if first else _(", the first on %(day)s")) % told


def difference(n, words):
    return words(n) if n else ""


def of_reminders(n):
    if n > 0:
        return ngettext("%(n)d more reminder.", "%(n)d more reminders.", n) % {"n": n}
    return ngettext("%(n)d reminder fewer.", "%(n)d reminders fewer.", -n) % {"n": -n}


def of_calls(n):
    if n > 0:
        told = ngettext("%(n)d more call on desks", "%(n)d more calls on desks", n) % {"n": n}
    else:
        told = ngettext("%(n)d call on desks fewer", "%(n)d calls on desks fewer", -n) % {"n": -n}
    return _("%(calls)s, if nobody answers.") % {"calls": told}


def who_changes(rule, weight, *, user, at):
    """(who would be ready with this weight and is not now, who would no longer be), each (how many, some names)."""
    on = day_in(at, rule.program.zone)
    now = set(ready(rule.program, rule.side, on).values_list("pk", flat=True))
    with transaction.atomic():
        GateRule.objects.filter(pk=rule.pk).update(weight=weight)
        then = set(ready(rule.program, rule.side, on).values_list("pk", flat=True))
        transaction.set_rollback(True)
    return named(then - now, user, at), named(now - then, user, at)


def named(pks, user, at):
    """How many they are, of those this reader may see, and the first of their names."""
    seen = Participant.objects.visible_to(user, Right.PARTICIPANT_VIEW, at).filter(pk__in=pks)
    names = [
        one.person.first_name for one in seen.select_related("person").order_by("person__given_name", "pk")[:NAMED]
    ]
    return seen.count(), names


def gate_foretold(rule, weight, *, user, at):
    """Who would then be ready, and who would not be any more, as sentences. Raises AlwaysAsked."""
    if weight != GateRule.Weight.HARD and always_asked(rule):
        raise AlwaysAsked(rule)
    (more, more_names), (less, less_names) = who_changes(rule, weight, user=user, at=at)
    said = []
    if more:
        words = ngettext("%(n)d more would then be ready: %(who)s.", "%(n)d more would then be ready: %(who)s.", more)
        said.append(words % {"n": more, "who": listed(more, more_names)})
    if less:
        words = ngettext("%(n)d would no longer be ready: %(who)s.", "%(n)d would no longer be ready: %(who)s.", less)
        said.append(words % {"n": less, "who": listed(less, less_names)})
    return said or [_("The same people are ready as now.")]


def listed(n, names):
    left = n - len(names)
    who = ", ".join(names)
    return who + (_(" and %(n)d more") % {"n": left} if left else "")
