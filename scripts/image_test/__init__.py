"""Runs a Dockerfile's steps in a bare Debian root, to test it where no container engine is."""
