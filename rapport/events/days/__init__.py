"""Pages of event days: for whoever answers for them, for those asked, and at the door."""
