"""Helpers shipped for tests: a provider on the loopback interface that speaks the Images API and keeps a bill."""
