"""Rapport runs a mentoring program and keeps every relationship in it healthy."""
