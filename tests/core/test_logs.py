"""What stands in the log: one event is one line, and no link's token is in it."""

import re

import pytest
from django.urls import get_resolver

from rapport.core.logs import scrub
from tests.test_doors import walk

TOKEN = "N0nSuchT0kenAtAll_1234"
BEHIND_A_TOKEN = [
    route for route in walk(get_resolver()) if "token" in route.arguments and not re.search(r"[\^$(]", route.path)
]


@pytest.mark.parametrize("route", BEHIND_A_TOKEN, ids=lambda route: route.name)
def test_no_token_of_any_page_stands_in_the_log(route):
    address = route.address(dict.fromkeys(route.arguments, "x") | {"token": TOKEN})

    assert TOKEN not in scrub(f'"GET {address}?start=1 HTTP/1.1" 200')


def test_what_somebody_typed_is_one_line():
    assert scrub("a\nb\x1b[2J\u202ec") == "a\\x0ab\\x1b[2J\\x202ec"
