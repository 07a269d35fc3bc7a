"""Words and rows of the pages that gather."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.safeguarding.banner import MAY_CHANGE_IT

register = template.Library()

ROWS = (("help", "help"), ("watch", "watch"), ("unknown", "unknown"), ("fine", "steady"), ("paused", "paused"))
LINKS = (  # where a program page leads, for those who may go there
    (lazy("Time together"), "portal:time-together", Right.PROGRAM_VIEW),
    (lazy("Matching in figures"), "matching:weights", Right.PROGRAM_VIEW),
    (lazy("Circles of mentors"), "events:circles", Right.MEETING_EDIT),
    (lazy("Event days"), "event-days:list", Right.MEETING_EDIT),
    (lazy("Groups"), "groups:list", Right.MEETING_EDIT),
    (lazy("Groups that you lead"), "groups:leading", Right.GROUP_LEAD),
    (lazy("Messages that wait"), "outbox:held", Right.MESSAGE_VIEW),
    (lazy("Bring in a list"), "imports:list", Right.IMPORT),
    (lazy("Rounds of matching"), "matching:rounds", Right.MATCHING_RUN),
    (lazy("What people still need"), "onboarding:queue", Right.CLEARANCE_EDIT),
    (lazy("Calendar"), "programs:calendar", Right.PROGRAM_EDIT),
    (lazy("Settings"), "programs:settings", Right.PROGRAM_EDIT),
    (lazy("Who reads worries"), "safeguarding:duty", *MAY_CHANGE_IT),
    (lazy("Who works here"), "portal:staff", Right.STAFF_VIEW),
    (lazy("Named roles"), "programs:named-roles", Right.STAFF_VIEW),
    (lazy("Who did what"), "portal:audit", Right.AUDIT_VIEW),
)


@register.simple_tag
def overview_words(figures, how):
    """The sentence at the head of a program: what matters first."""
    if not figures["open"]:
        return {"title": _("No match is open yet."), "lead": _("What is proposed, and who is ready, stands below.")}
    if not how:
        words = ngettext("%(n)d open match.", "%(n)d open matches.", figures["open"])
        return {"title": words % {"n": figures["open"]}, "lead": ""}
    total = ngettext("%(n)d match", "%(n)d matches", how["all"]) % {"n": how["all"]}
    said = [words for n, words in parts(how) if n]
    return {"title": f"{total}: {', '.join(said)}." if said else f"{total}.", "lead": ""}


def parts(how):
    return [
        (how["help"], ngettext("%(n)d needs help", "%(n)d need help", how["help"]) % {"n": how["help"]}),
        (how["watch"], _("%(n)d to watch") % {"n": how["watch"]}),
        (how["unknown"], _("%(n)d unknown") % {"n": how["unknown"]}),
        (how["fine"], _("%(n)d fine") % {"n": how["fine"]}),
        (how["paused"], _("%(n)d paused") % {"n": how["paused"]}),
    ]


@register.simple_tag
def overview_rows(how):
    fine = {"fine": _("Steady or thriving")}
    return [{"how": name, "state": state, "n": how[name], "words": fine.get(name, "")} for name, state in ROWS]


@register.filter
def state(figures, name):
    return figures.get(name, 0)


@register.simple_tag(takes_context=True)
def program_links(context):
    """(label, address) of the pages of this program that this reader may open."""
    request, program = context["request"], context["program"]
    return [
        (label, reverse(name, args=[program.slug]))
        for label, name, *any_of in LINKS
        if any(map(request.has_right, any_of))
    ]


@register.simple_tag
def match_facts(match, month):
    """The soft line under a match's title: since when, which month, which phase, who coordinates."""
    said = []
    if match.begun_on:
        said.append(_("Together since %(day)s") % {"day": date_format(match.begun_on, "j F Y")})
    if match.ended_on:
        said.append(_("until %(day)s") % {"day": date_format(match.ended_on, "j F Y")})
    if month:
        said.append(_("month %(n)d") % {"n": month})
    said.append(str(match.get_phase_display() if match.is_open else match.get_state_display()))
    if match.coordinator:
        said.append(_("coordinator %(name)s") % {"name": match.coordinator.first_name})
    return " · ".join(said)


ACTIONS = (  # label, address, what the reader must be allowed, in which states, kind of button
    (lazy("Raise a concern"), "safeguarding:raise", "concern_raise", ("active", "paused"), "quiet"),
    (lazy("End"), "matches:close", "match_close", ("active", "paused"), "quiet"),
    (lazy("Set aside"), "proposals:one", "match_edit", ("proposed",), "quiet"),
    (lazy("Pause"), "matches:pause", "match_edit", ("active",), ""),
    (lazy("Go on"), "matches:resume", "match_edit", ("paused",), ""),
    (lazy("Plan meetings"), "meetings:plan", "meeting_edit", ("active",), ""),
    (lazy("Begin"), "matches:begin", "match_edit", ("proposed",), "primary"),
)


@register.simple_tag
def match_actions(match, may):
    """(label, address, kind) of what this reader may do with a match in this state."""
    found = []
    for label, name, right, states, kind in ACTIONS:
        if may.get(right) and match.state in states:
            of_match = () if name == "safeguarding:raise" else (match.ref,)
            url = reverse(name, args=[match.program.slug, *of_match])
            found.append((label, url if of_match else f"{url}?{urlencode({'about': match.title})}", kind))
    return found


@register.simple_tag
def line_day(moment, at):
    """The day of an entry, short; with its year where that is another one."""
    local = timezone.localtime(moment)
    return date_format(local, "j M" if local.year == timezone.localtime(at).year else "j M y")


@register.simple_tag
def person_facts(one, is_child):
    """The soft line under a person's name."""
    side = str(one.get_side_display())
    return " · ".join([side.capitalize(), _("counts as a child")] if is_child else [side.capitalize()])


@register.simple_tag
def guardian_rights(row):
    """What a guardian may, in words."""
    rights = (
        (row.is_told, _("is told how it goes")),
        (row.consents, _("gives permission")),
        (row.sees_progress, _("sees progress")),
    )
    said = [words for is_so, words in rights if is_so]
    return ", ".join(said) if said else _("no rights here")


@register.filter
def of(rows, key):
    """What a dict holds under a key; nothing where it holds none."""
    return rows.get(key, [])


@register.filter
def language_word(code):
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code
