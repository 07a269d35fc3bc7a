"""Reading a page as people do: its words without its marks, or the whole of it without what differs each time."""

import re

MARKS = re.compile(r"<[^>]+>")
CHANGING = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"|nonce="[^"]*"|form_id" value="[^"]*"')


def words(html):
    """The words, in one line. A token of letters by chance can spell a name; it stands in a mark."""
    return " ".join(MARKS.sub(" ", html).split())


def lasting(html):
    """The page byte by byte, but for what is made anew at each request."""
    return CHANGING.sub("", html)
