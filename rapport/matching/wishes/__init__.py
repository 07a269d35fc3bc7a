"""Whom grown-ups would like, before a round."""
