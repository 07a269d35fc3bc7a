"""Every write about what people need before a match begins: gates, and asking for permission."""

from rapport.onboarding.actions.gates import (
    EndsBeforeItBegins,
    GiverMissing,
    LastDayMissing,
    NewGate,
    NotYet,
    record_gate,
    record_gates,
)

__all__ = [
    "EndsBeforeItBegins",
    "GiverMissing",
    "LastDayMissing",
    "NewGate",
    "NotYet",
    "record_gate",
    "record_gates",
]
