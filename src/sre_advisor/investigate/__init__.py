"""From a question to a checked answer: first look, diagnosis, check."""
