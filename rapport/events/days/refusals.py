"""What is refused of event days, each as a sentence."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused


class DayOver(Refused):
    """It is over, or was called off."""

    sentence = _("This event is over, or was called off. Nothing of it can be changed or answered any more.")


class Full(Refused):
    """So many come as there is room for."""

    sentence = _("There is no place left. Tell the program if you would still like to come: places become free.")


class FamilySaysYes(Refused):
    """Of a child the family says yes: a guardian who may give permission."""

    sentence = _("Of a child somebody says yes who may give permission for it. A no may be said by the child, too.")


class ComesLater(Refused):
    """Who came is ticked on the day itself."""

    sentence = _("It has not begun yet. Tick who comes once it begins.")


class NotAsked(Refused):
    """They were at this event neither as mentor nor as mentee."""

    sentence = _("Choose a mentor and a mentee who were asked to this event.")


class LessRoom(Refused):
    """More are coming than that."""

    sentence = _("More people are coming already than there would be room for.")
