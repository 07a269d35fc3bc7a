"""The cards, in the languages they are written in; a language without its own reads them in English. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapport.core.languages import OF_STAFF, known

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Card:
    """One way of working: what it is, how it goes, what may stand on the sheet, and where it comes from.

    `code` is what a log tags (`Log.Technique`).
    """

    code: str
    title: str
    what: str
    steps: tuple[str, ...]
    worksheet: tuple[str, ...]
    source: str
    url: str


@cache
def cards(language: str) -> tuple[Card, ...]:
    """Every card, in the order of its file."""
    sources = read("sources.toml")
    return tuple(
        Card(code, row["title"], row["what"], tuple(row["steps"]), tuple(row["worksheet"]), sources[code]["name"],
             sources[code]["url"])
        for code, row in read(f"texts/{written_in(language)}.toml").items()
    )  # fmt: skip


def written_in(language: str) -> str:
    """The language the cards are read in."""
    return language if known(language) and (FOLDER / "texts" / f"{language}.toml").exists() else OF_STAFF


def read(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
