"""Who is not to be matched with whom."""
