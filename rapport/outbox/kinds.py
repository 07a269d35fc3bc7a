"""Kinds of message. The app that sends a kind says, in `AppConfig.ready()`, when it is still wanted and what it says.

`wanted(messages, at)` gets one claimed batch of the kind as a queryset and returns those still wanted, in one query; it
is asked at delivery, so what is due asks whether it still makes sense (design.md §1, idea 5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

ESSENTIAL = "essential"  # sign-in, safety, what the person asked for: no consent, no quiet start


@dataclass(frozen=True)
class LinkPlan:
    """The link a message carries: what it opens, by which address, and for how long.

    Whatever is asked by a link is asked on paper, too: `sheet` prints it, `write_down` keeps what came back. Both are
    addresses of staff, of the program and the ref of what the message is about.
    """

    purpose: str
    route: str
    lasts: timedelta
    sheet: str = ""
    write_down: str = ""
    shows: Callable | None = None  # shows(request, message, at, look): what the person sees there, or None


@dataclass(frozen=True)
class Kind:
    """One kind of message. Its words stand in `mail/<name>.txt`: subject, empty line, body."""

    name: str
    purpose: str
    wanted: Callable
    words: Callable | None = None
    urgent: bool = False
    link: LinkPlan | None = None
    speaks_of: Callable | None = None
    once_a_day: bool = False
    always_waits: bool = False
    calendar: Callable | None = None

    @property
    def never_waits(self) -> bool:
        """No quiet start holds it, and no list of what waits shows it."""
        return self.urgent or self.purpose == ESSENTIAL

    @property
    def template(self) -> str:
        return f"mail/{self.name}.txt"


KINDS: dict[str, Kind] = {}
_failures: list[Callable] = []
_strangers: list[Callable] = []


def kind(name, *, purpose, wanted, **more):
    """Tell of a kind of message, with what else a `Kind` holds.

    `words(messages, at)` gives the template's variables by message id; `speaks_of(messages)` gives, by message id, the
    ids of the people it tells about, so that nobody kept away from them gets it. `once_a_day`: a person gets at most
    one such message a day, the rest waits for the next. `always_waits`: each one is read by a person before it leaves.
    `calendar(messages, at)` gives, by message id, what their calendar takes of it: `write(address, language)` returns
    its method and its text.
    """
    KINDS[name] = Kind(name, purpose, wanted, **more)
    return KINDS[name]


def never_waiting() -> list[str]:
    """The names of the kinds that never wait."""
    return [name for name, kind in KINDS.items() if kind.never_waits]


def always_waiting() -> list[str]:
    """The names of the kinds of which each message is read by a person before it leaves."""
    return [name for name, kind in KINDS.items() if kind.always_waits]


def on_failure(tell: Callable) -> None:
    """Let `tell(messages, at=)` know of messages that will not arrive, so that a person does something about it."""
    if tell not in _failures:
        _failures.append(tell)


def tell_of_failures(messages, *, at) -> None:
    if messages:
        for tell in _failures:
            tell(messages, at=at)


def on_stranger(tell: Callable) -> None:
    """Let `tell(links, at=)` know of links that somebody else reads, so that what was pressed there counts no more."""
    if tell not in _strangers:
        _strangers.append(tell)


def tell_of_strangers(links, *, at) -> None:
    for tell in _strangers:
        tell(links, at=at)
