"""Numbers in words that somebody wrote, each as a link: whoever holds a phone calls with one press."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()

# a long number with its gaps, or a short one of three to five digits; hours and dates are neither
NUMBER = re.compile(r"\+?\(?\d(?:[ ()-]{0,2}\d){5,}|(?<![\d.:/-])\d{3,5}(?![\d.:/-]\d|\d)", re.ASCII)


@register.filter
def to_call(words):
    """These words, with their numbers to press."""
    text, parts, done = str(words or ""), [], 0
    for found in NUMBER.finditer(text):
        number = re.sub(r"[^\d+]", "", found[0])
        link = format_html('<a href="tel:{}">{}</a>', number, found[0])
        parts += [conditional_escape(text[done : found.start()]), link]
        done = found.end()
    return mark_safe("".join([*parts, conditional_escape(text[done:])]))  # noqa: S308 (each part is escaped above)
