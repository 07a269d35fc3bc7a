"""Changing a rule of a program, with all that follows from it, and what to say of that before it is done."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.checkins.actions.replanning import replan
from rapport.core.months import day_in
from rapport.onboarding.questions import ready
from rapport.people.models import Participant
from rapport.portal.actions import organizing
from rapport.programs.actions import AlwaysAsked, always_asked, change_setting
from rapport.programs.models import GateRule, Promise

NAMED = 12  # people named of those who would be ready


@transaction.atomic
def change_rule(rule, numbers, *, by, at):
    """Change numbers of a promise or a limit; what a promise laid out ahead is laid out anew.

    Returns whether anything changed. Raises ChangedMeanwhile.
    """
    changed = change_setting(rule, numbers, by=by, at=at)
    if changed and rule.code in organizing.QUIET_HOURS:
        organizing.go_own_way(rule.program, organizing.QUIET, by=by, at=at)
    if changed and isinstance(rule, Promise) and rule.kind == Promise.Kind.CHECK_IN:
        replan(rule, at=at)
    return changed


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
