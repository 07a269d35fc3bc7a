"""What cannot be asked for or said about an outing."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused


class RulesBroken(Refused):
    """It is not what an outing may be in this program."""

    def __init__(self, match, sentences):
        super().__init__(match, " ".join(sentences))
        self.sentences = sentences


class NoPairToGo(Refused):
    """The pair does not meet at the moment."""

    sentence = _("This pair does not meet at the moment, so there is no outing to ask for.")


class NobodyToAsk(Refused):
    """There is no child in the pair."""

    sentence = _("Everybody of this pair is grown up, so nobody has to permit an outing.")


class AskedTooOften(Refused):
    """The same outing was asked for again and again: a family is not to be worn down."""

    sentence = _("This was asked often enough. Talk with your person at the program about it.")


class OutingIsOver(Refused):
    """It was called off, or has begun."""

    sentence = _("This outing is over or called off.")


class TooLateForYes(Refused):
    """The day before, everybody was told that they do not go."""

    sentence = _("It is too late to say yes to this one. Call the program if they should go after all.")


class NotTheirsToSay(Refused):
    """They may not speak for this child."""

    sentence = _("Somebody else answers for this child.")


class ChangedMeanwhile(Refused):
    """What is planned was changed after they read it."""

    sentence = _("What is planned was changed in the meantime. Please read it again.")
