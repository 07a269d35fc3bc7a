"""Tools that know nothing of mentoring."""
