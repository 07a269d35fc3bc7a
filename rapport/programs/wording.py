"""A program's own words: "buddy" where others say match, for all languages or for each."""

from django.utils.translation import gettext_noop as noun  # each language says which word of its own is meant

NOUNS = [noun("match"), noun("matches"), noun("mentor"), noun("mentors"), noun("mentee"), noun("mentees")]
LONGEST = 40  # signs of one word
