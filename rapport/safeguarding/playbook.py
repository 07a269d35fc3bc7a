"""The steps shown where somebody may be in danger, and those of a lead: data with its source (`steps/now.toml`)."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("steps") / "now.toml"


@cache
def steps() -> dict[str, list[dict]]:
    """The lists "danger" and "lead"; each step has words, source, mark and sometimes a source_url."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
