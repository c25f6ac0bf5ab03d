"""Measurements: arrays in, numbers out. They know no brand, no limit and no file."""
