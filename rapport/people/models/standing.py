"""What begins on one day and ends on another, or on none."""

from datetime import date


def stands(row, on: date) -> bool:
    """Whether what this row says has begun on that day and not ended."""
    return row.starts_on <= on and (row.ends_on is None or row.ends_on > on)
