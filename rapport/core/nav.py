"""What stands in the bar at the top of staff pages. Apps say it in `AppConfig.ready()`."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

_items: dict[tuple[str, bool], "Item"] = {}
_account_page = ["account_logout"]


@dataclass(frozen=True)
class Item:
    """One address in the bar, shown to those who hold the right."""

    label: str
    url_name: str
    right: object
    order: int
    of_program: bool


def register(label, url_name, right=None, *, order=100, as_button=False, of_program=True):
    """Put an address into the bar; `as_button` puts it at the end, as "Talked with …" is. Saying it twice is once.

    The address of an item of a program takes the program's slug as its only argument. Without the right the item is
    absent, and so it is where nobody is known to hold rights.
    """
    _items[url_name, as_button] = Item(label, url_name, right, order, of_program)


def account_page(url_name):
    """Where the name at the end of the bar leads: the reader's own page."""
    _account_page[0] = url_name


def items(request, *, as_button=False):
    """The bar for this request: a list of (label, address, is this the page we are on)."""
    wanted = sorted(
        (i for (_, b), i in _items.items() if b == as_button and _may(request, i)),
        key=lambda i: i.order,
    )
    found = [(item.label, address) for item in wanted if (address := _address(request, item))]
    here = max((a for _, a in found if request.path.startswith(a)), key=len, default=None)
    return [(label, address, address == here) for label, address in found]


def account_address():
    """The address of the reader's own page, or nothing where the sign-in pages are not installed."""
    try:
        return reverse(_account_page[0])
    except NoReverseMatch:
        return ""


def _may(request, item):
    if item.right is None:
        return request.user.is_authenticated
    has_right = getattr(request, "has_right", None)
    return bool(has_right and has_right(item.right))


def _address(request, item):
    program = getattr(request, "program", None)
    if item.of_program and program is None:
        return None
    return reverse(item.url_name, args=[program.slug] if item.of_program else [])
