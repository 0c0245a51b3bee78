"""A seeded simulator of a shop in trouble: worlds whose cause is known because code put it there."""
