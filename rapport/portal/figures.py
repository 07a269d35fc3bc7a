"""How a number is told in a sentence."""

from django.utils.formats import number_format

SURELY = 10  # from which on a figure is told without its tenths


def figure(value):
    """Whole from ten on, with its tenth below; nothing after the point where there is nothing."""
    shown = round(float(value), 0 if value >= SURELY else 1)
    return number_format(shown, decimal_pos=0 if shown == int(shown) else 1)
