"""Every write about what people need before a match begins: gates, and asking for permission."""

from rapport.onboarding.actions.answering import Said, Told, answer_consent
from rapport.onboarding.actions.asking import (
    ask_for_consent,
    not_them,
    send_new_link,
    write_house_texts,
    write_text,
    write_texts,
)
from rapport.onboarding.actions.calling import call, undelivered
from rapport.onboarding.actions.doubting import doubt
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
    "Said",
    "Told",
    "answer_consent",
    "ask_for_consent",
    "call",
    "doubt",
    "not_them",
    "record_gate",
    "record_gates",
    "send_new_link",
    "undelivered",
    "write_house_texts",
    "write_text",
    "write_texts",
]
