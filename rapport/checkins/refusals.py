"""What cannot be answered or noted, said as a sentence."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused


class NoLongerAsked(Refused):
    """The ask is closed: the next has come, or a talk took its place."""

    sentence = _("This question is no longer open. Thank you all the same; you can always call us.")


class NotAnAnswer(Refused):
    """A feeling is one to five or nothing; a worry is yes, not sure, no or nothing."""

    sentence = _("Choose one of the faces and one of the answers, or leave them out.")


class SomebodyElsesTalk(Refused):
    """The form that was sent belongs to another talk."""

    sentence = _("This form was used for another talk already. Open it anew.")


class NotBeforeRapport(Refused):
    """What a list remembers lies before the day on which the pair came in."""

    sentence = _("This pair was here already on that day. Write the talk down on their page.")
