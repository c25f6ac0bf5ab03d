"""Pictures: the one door for pixels, and places in them."""
