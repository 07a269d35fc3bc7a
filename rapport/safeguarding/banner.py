"""The sentence above a program's pages while the worry question may not go out."""

from django.utils.translation import gettext as _

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
    return _("The worry question is off. Still missing: %(things)s.") % {"things": ", ".join(missing)}


def may_change(request):
    """Whether this reader may say who reads worries in the program of this page."""
    return any(request.has_right(right) for right in MAY_CHANGE_IT)
