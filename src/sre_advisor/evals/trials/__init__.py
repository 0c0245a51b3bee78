"""Asking: worlds opened once, each question asked again and again, every finished trial kept."""
