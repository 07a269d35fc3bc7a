"""A new program, set up step by step on pages."""
