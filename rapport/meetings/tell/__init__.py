"""Somebody tells how a meeting was, on a page of their own: signed in, or by the link of their own meetings."""
