"""Everything that leaves the house goes through here, once for each cause."""
