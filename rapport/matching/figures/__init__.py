"""Whom a round served, and how past matches went."""
