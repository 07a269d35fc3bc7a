"""What cannot be asked or said, as a sentence."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused


class NoLongerTheirs(Refused):
    """They may not say this any more: a guardianship ended, a birthday came, the ask was closed."""

    sentence = _("This question is no longer open. Thank you all the same; you can always call us.")


class TextChanged(Refused):
    """The words were changed between reading and answering."""

    sentence = _("The words of this page were changed a moment ago. Please read them again before you answer.")


class NothingAsked(Refused):
    """An ask without a purpose asks nothing."""

    sentence = _("Choose at least one thing to ask for.")


class TextChangedMeanwhile(Refused):
    """Somebody else wrote a newer version of this text."""

    sentence = _("Somebody wrote a newer version of this text a moment ago. Look at it first.")
