"""The bundled incident: a shop whose checkout fails, recorded as a world, and the seeded generator that wrote it."""

from pathlib import Path

WORLD = Path(__file__).parent / "world"
"""The recorded world's folder."""
