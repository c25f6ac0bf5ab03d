"""Runs that are killed: what must hold whenever, wherever and however often a process ends."""
