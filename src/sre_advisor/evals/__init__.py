"""Recorded worlds asked again and graded, to know whether the next model, prompt or version may be moved to."""
