"""Placements, templates and exact boxes."""
