"""Words and rows of the pages that gather."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.rights import Right

register = template.Library()

ROWS = (("help", "help"), ("watch", "watch"), ("unknown", "unknown"), ("fine", "steady"), ("paused", "paused"))
LINKS = (  # where a program page leads, for those who may go there
    (lazy("Messages that wait"), "outbox:held", Right.MESSAGE_RELEASE),
    (lazy("Bring in a list"), "imports:list", Right.IMPORT),
    (lazy("Rounds of matching"), "matching:rounds", Right.MATCHING_RUN),
    (lazy("What people still need"), "onboarding:queue", Right.CLEARANCE_EDIT),
    (lazy("Calendar"), "programs:calendar", Right.PROGRAM_EDIT),
    (lazy("Settings"), "programs:settings", Right.PROGRAM_EDIT),
    (lazy("Who works here"), "portal:staff", Right.STAFF_VIEW),
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
    return [{"how": name, "state": state, "n": how[name]} for name, state in ROWS]


@register.filter
def state(figures, name):
    return figures.get(name, 0)


@register.simple_tag(takes_context=True)
def program_links(context):
    """(label, address) of the pages of this program that this reader may open."""
    request, program = context["request"], context["program"]
    found = [(label, address(name, program.slug)) for label, name, right in LINKS if request.has_right(right)]
    return [(label, url) for label, url in found if url]


def address(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def address_of(name, *args):
    """An address, or nothing where there is no such page."""
    return address(name, *args)
