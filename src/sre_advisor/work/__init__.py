"""Running questions: one at a time per thread, none lost when the program dies."""
