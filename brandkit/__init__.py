"""Brand kits as files: compile, make, check."""

__version__ = "0.1.0"
