"""Suites: recorded worlds with what a good answer says of each."""
