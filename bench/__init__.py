"""Measures of the house (`bin/bench NAME`): ratios measured side by side in one run, as a table and JSON."""
