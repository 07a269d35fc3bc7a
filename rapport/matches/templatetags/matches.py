"""Where something that is missing is put right, and the soft line under a goal."""

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.matches.models import Achievement, AchievementRule

register = template.Library()
SEEN_BY = {  # of a goal, by its level
    0: lazy("everybody in it sees it"),
    1: lazy("kept from the family"),
    2: lazy("for staff alone"),
}


@register.simple_tag(takes_context=True)
def put_right(context, lack):
    """The address that puts this right, or nothing where this reader may not, or nobody can by a page."""
    request, match = context["request"], context["match"]
    slug = request.program.slug
    if lack.kind == "gate" and request.has_right(Right.CLEARANCE_EDIT):
        return reverse("onboarding:gates", args=[slug, lack.who.ref])
    if lack.kind == "coordinator":
        return reverse("matches:coordinator", args=[slug, match.ref])
    if lack.kind == "point":
        return f"{reverse('matches:begin', args=[slug, match.ref])}#points" if match.state == "proposed" else "#points"
    if lack.kind == "person" and request.has_right(Right.PARTICIPANT_VIEW):
        return reverse("portal:participant", args=[slug, lack.who.ref])
    return ""


@register.simple_tag
def goal_facts(goal, match):
    """The soft line under a goal: whose words, said to whom and when, and who may see it."""
    who = goal.person.first_name if goal.person else _("the program")
    if goal.worded_by == goal.WordedBy.GUARDIAN:
        who = _("%(name)s, for the family") % {"name": who}
    said = [_("%(who)s said it, %(way)s, on %(day)s") % {
        "who": who, "way": goal.get_way_display(), "day": date_format(goal.said_on, "j M Y"),
    }]  # fmt: skip
    if len(match.mentees) > 1:
        said.append(_("a goal of %(name)s") % {"name": goal.mentee.person.first_name})
    said.append(SEEN_BY[goal.level])
    return " · ".join(str(part) for part in said)


@register.simple_tag
def goal_steps(steps):
    """How many of the small steps are done."""
    done = sum(step.done_at is not None for step in steps)
    return ngettext("%(done)d of %(n)d step done", "%(done)d of %(n)d steps done", len(steps)) % {
        "done": done, "n": len(steps),
    }  # fmt: skip


@register.simple_tag
def phase_words(stay):
    """One phase: how long it took, or since when it lasts."""
    told = {"phase": str(stay.name).capitalize(), "day": date_format(stay.from_on, "j M Y")}
    if stay.until_on is None:
        return _("%(phase)s since %(day)s") % told
    words = ngettext("%(phase)s, %(n)d day", "%(phase)s, %(n)d days", stay.days)
    return words % {**told, "n": stay.days}


@register.simple_tag
def achievements_of(one):
    """What a mentor achieved for themselves, in one line; nothing where the program lists no such thing."""
    if one.side != one.Side.MENTOR or not AchievementRule.objects.filter(program=one.program_id).exists():
        return None
    rows = Achievement.objects.filter(participant=one, taken_back_at=None)
    said = [f"{row.label}, {date_format(row.on, 'j M Y')}" for row in rows]
    return {"words": " · ".join(said) or _("Nothing is written down yet.")}
