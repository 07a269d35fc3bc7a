"""What matching looks at, and what it changes."""
