"""A believable program in one command: three programs with their staff, and the story of one autumn."""
