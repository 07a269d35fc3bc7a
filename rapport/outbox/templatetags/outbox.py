"""How the pages of the outbox call things."""

from django import template

from rapport.outbox.models import called

register = template.Library()


@register.filter
def kind_words(name):
    return called(name)
