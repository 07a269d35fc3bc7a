"""Ways of working together: cards with a worksheet, for mentors and whoever else likes to read them."""
