"""Asking each side about a proposed match, and what they say."""
