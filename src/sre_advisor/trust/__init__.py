"""How often the advisor was right, by the people who were there."""
