"""Several names in one sentence, in the reader's language."""

import pytest
from django.utils.translation import override

from rapport.core.several import together


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ama"], "Ama"),
        (["Ama", "Ben"], "Ama and Ben"),
        (["Ama", "Ben", "Zoe"], "Ama, Ben and Zoe"),
        (iter([4, 18]), "4 and 18"),
    ],
)
def test_names_are_said_together(names, said):
    assert together(names) == said


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Ama, Ben et Zoe"), ("es", "Ama, Ben y Zoe"), ("ar", "Ama، Ben وZoe")]
)
def test_and_in_the_language_of_who_reads(language, said):
    with override(language):
        assert together(["Ama", "Ben", "Zoe"]) == said
