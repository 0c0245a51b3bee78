"""How the project is set up, packaged and shipped."""
