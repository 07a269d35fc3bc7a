"""The timetable, and what keeps it: ticking, serving, and keeping a copy."""
