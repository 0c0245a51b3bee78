"""Grading: code first; a model or a person as judge beside it, never instead."""
