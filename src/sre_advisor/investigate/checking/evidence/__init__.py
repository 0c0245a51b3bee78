"""The evidence a claim cites, taken apart: rows, names, figures with their owner and time."""
