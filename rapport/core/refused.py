"""What an action says when it will not do what it was asked."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy


class Refused(Exception):
    """An action's kind but firm no. Its text is shown to the person who asked, on the same page."""

    sentence: str | Promise = lazy("This cannot be done now.")

    def __init__(self, about: object = None, sentence: str | Promise | None = None):
        self.about = about
        if sentence is not None:
            self.sentence = sentence
        super().__init__(about)

    def __str__(self) -> str:
        return str(self.sentence)
