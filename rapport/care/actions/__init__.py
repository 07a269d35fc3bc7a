"""Every write of care: looking at matches by the clock, and noting talks."""

from rapport.care.actions.looking import refresh_findings
from rapport.care.actions.talking import note_talk

__all__ = ["note_talk", "refresh_findings"]
