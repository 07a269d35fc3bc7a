"""The sentence above a program's pages while the worry question may not go out."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.safeguarding.questions import readiness

MAY_CHANGE_IT = (Right.PROGRAM_EDIT, Right.CONCERN_LEAD)


def question_is_off(request):
    """What is missing before anybody is asked whether something worries them; only to those who can change it."""
    program = getattr(request, "program", None)
    if program is None or not may_change(request):
        return None
    missing = readiness(program)
    if not missing:
        return None
    n = len(missing)
    words = ngettext(
        "The worry question is off. One point is missing.", "The worry question is off. %(n)d points are missing.", n
    )
    address = reverse("safeguarding:duty", args=[program.slug])
    return format_html('{} <a href="{}">{}</a>', words % {"n": n}, address, _("See what, and put it right"))


def may_change(request):
    """Whether this reader may say who reads worries in the program of this page."""
    return any(request.has_right(right) for right in MAY_CHANGE_IT)
