"""An answer by link beside a bare view with the same middleware and the same rows: at least half its rate.

bin/bench link [--answers 300] [--rounds 5] [--database sqlite|postgres] [--json]

Both are asked through the whole of Django, one after the other in the same run: GET the page, POST the answer. The
bare view reads and writes the same tables by plain SQL-like calls, checks nothing and renders one line.
"""
