"""Calendars: whose meetings somebody sees, how they are written down, and the address a calendar program reads."""
