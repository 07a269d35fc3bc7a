"""What is refused of groups, each as a sentence."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused


class GroupOver(Refused):
    """The group has ended."""

    sentence = _("This group has ended. Begin another to go on.")


class MemberLacks(Refused):
    """Somebody lacks what must be met before they are beside young people."""

    sentence = _("Somebody lacks what must be there before they are beside young people.")


class NotTogether(Refused):
    """Of these people one is kept away from another. It says no more than that."""

    sentence = _("These people cannot be in one group. Ask whoever leads on safety before you arrange anything.")


class LeadSignsIn(Refused):
    """Whoever leads it has that page by their own sign-in."""

    sentence = _("They sign in, and have this page as “Groups that you lead”. No link is needed.")


class NoDayLeft(Refused):
    """Each of these days is closed, or has a time already."""

    sentence = _("Each of these days is closed, or has a time already. Choose others.")


class TooManyTimes(Refused):
    """So many times at once are a slip."""

    sentence = _("That makes more than sixty times at once. Choose an earlier last day.")


class NotBegun(Refused):
    """Who is there is marked once it begins."""

    sentence = _("It has not begun yet. Mark who is there once it begins.")


class CalledOff(Refused):
    """It was called off, or the place was closed."""

    sentence = _("It was called off, or the place was closed. Nobody is marked.")


class SaidMeanwhile(Refused):
    """Somebody else pressed something different since this page was opened."""

    sentence = _("Somebody else has marked this meanwhile. Look at it anew before you change it.")


class AnsweredAlready(Refused):
    """The place is offered no more."""

    sentence = _("This place is answered already, or no longer offered.")
