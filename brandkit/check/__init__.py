"""Checks: what is measured on an asset, the limit that applies, and the verdict."""
