"""What is looked at when somebody is met at the beginning, and what was found."""
