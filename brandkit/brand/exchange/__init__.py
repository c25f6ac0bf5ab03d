"""Foreign brand formats: one file for each, all of them through one neutral sketch."""
