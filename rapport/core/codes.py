"""Square codes for paper: an address that a phone's camera reads."""

import segno
from django.utils.safestring import mark_safe


def square(address) -> str:
    """The code of an address as a drawing, without style and without colour of its own beyond black."""
    code = segno.make_qr(address, error="m")
    drawing = code.svg_inline(border=2, svgclass="square", lineclass=None, unit=None, omitsize=True)
    return mark_safe(drawing)  # noqa: S308  drawn by segno from modules; no words of ours are in it
