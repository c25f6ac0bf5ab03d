"""Colours: reading them, converting them, and telling them apart."""
