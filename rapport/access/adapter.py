"""Signing in, as allauth asks us."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Nobody signs up alone."""
        return False
