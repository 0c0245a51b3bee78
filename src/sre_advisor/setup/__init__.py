"""Setting up: write a first configuration from what is there, and try whether everything configured works."""
