"""Ten invented brands for measuring: each a small valid brand folder, written from code at run time."""
