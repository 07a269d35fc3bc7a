"""Numbers that somebody wrote are there to press; what else they wrote stays as it is, and does no harm."""

import pytest

from rapport.core.templatetags.calling import to_call


@pytest.mark.parametrize(
    ("words", "calls"),
    [
        ("999; school office 020 7946 0111", ["999", "02079460111"]),
        ("Cora, +44 (20) 7946-0100", ["+442079460100"]),
        ("911 · Harbor: 112", ["911", "112"]),
        ("Monday to Friday, 8:00 to 17:00, 24/7, 8.30-17", []),
        ("", []),
        (None, []),
    ],
)
def test_numbers_are_there_to_press(words, calls):
    said = to_call(words)

    assert [part.split('"')[0] for part in said.split('href="tel:')[1:]] == calls


def test_what_somebody_wrote_is_never_taken_for_a_page():
    assert to_call('<b onclick="x">999</b>') == ('&lt;b onclick=&quot;x&quot;&gt;<a href="tel:999">999</a>&lt;/b&gt;')
