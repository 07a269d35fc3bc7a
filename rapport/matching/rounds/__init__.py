"""Rounds: their pages, how they choose, why, and what each choice cost."""
