"""Recorded worlds: a folder read once and served, with the clock stopped, to the same tools as live systems."""
