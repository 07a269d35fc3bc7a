"""Addresses of one page for many records: to look a way up costs more than to write it down."""

from django.urls import reverse

from rapport.core.refs import LENGTH

A_REF = "0" * LENGTH  # no ref holds this sign


def of_each(name, *before):
    """The function from a ref to its address: of the page of this name, whose address ends in what the ref is of."""
    start, _ref, end = reverse(name, args=[*before, A_REF]).rpartition(A_REF)
    return lambda ref: f"{start}{ref}{end}"
