"""Words for the short names of a program's rules."""

from django import template

register = template.Library()


@register.filter
def code_words(code):
    """'remind-after' as "Remind after"."""
    return str(code).replace("-", " ").capitalize()
