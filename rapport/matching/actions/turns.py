"""Writing down whose turn it is."""

from rapport.matching.models import TurnRule


def write_turns(program, words):
    """Write a file's turns as rows of this program, in their order. Returns them."""
    return TurnRule.objects.bulk_create([TurnRule(program=program, **row) for row in words.get("turn", [])])
