"""A mentor for one mentee: who waits, who could be theirs, who would move."""
