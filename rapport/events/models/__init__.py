"""What is done in a group: a file for each noun."""

from rapport.events.models.circles import Circle, Gathering, Seat

__all__ = ["Circle", "Gathering", "Seat"]
