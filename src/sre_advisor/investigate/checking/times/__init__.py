"""When things happened, in which order, and whether a claim has them so."""
