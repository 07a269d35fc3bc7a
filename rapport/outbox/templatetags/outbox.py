"""How the pages of the outbox call things."""

from django import template

register = template.Library()


@register.filter
def kind_words(name):
    """'checkins/invitation' as 'Invitation': the part after the app, with spaces."""
    return name.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize()
