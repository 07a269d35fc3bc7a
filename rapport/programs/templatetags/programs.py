"""Words for the short names of a program's rules."""

from django import template

from rapport.programs.numbers import NAMES

register = template.Library()


@register.filter
def code_words(code):
    """A number of a program by its name; any other short name in words: 'youth-one-to-one' as "Youth one to one"."""
    return NAMES.get(code) or str(code).replace("-", " ").capitalize()
