"""Saying that two records are one human being: whom, what is known of both, and one press."""
