"""A program's own words: "buddy" where others say match, for all languages or for each."""

NOUNS = ["match", "matches", "mentor", "mentors", "mentee", "mentees"]
LONGEST = 40  # signs of one word
