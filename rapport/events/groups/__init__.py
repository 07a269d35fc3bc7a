"""Pages of group activities: for whoever answers for them, and for whoever leads one."""
