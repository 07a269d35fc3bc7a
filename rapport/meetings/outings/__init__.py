"""One outing of a pair: asked for, held against the program's rules, and permitted by each child's guardian, or not."""
