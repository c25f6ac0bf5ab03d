"""Brand kits: the shapes of their files, reading, joining, resolving and linting them."""
