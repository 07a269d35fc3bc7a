"""How a measure is said: a table for people, JSON for programs."""

import json
import sys
from statistics import median


def say(title: str, rows: list[dict]) -> None:
    """Print rows as a table; with --json on the line, as JSON beside it."""
    columns = list(rows[0])
    widths = [max(len(str(column)), *(len(shown(row[column])) for row in rows)) for column in columns]
    print(f"\n{title}")
    for row in [dict(zip(columns, columns, strict=True)), *rows]:
        print("  " + "  ".join(shown(row[c]).ljust(w) for c, w in zip(columns, widths, strict=True)).rstrip())
    if "--json" in sys.argv:
        print(json.dumps({"title": title, "rows": rows}, default=str))


def shown(value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def verdict(value: float, budget: float) -> str:
    return "reached" if value <= budget else "NOT reached"


def middle(values) -> float:
    return float(median(values))
