"""One investigation: first look, diagnosis, check."""
