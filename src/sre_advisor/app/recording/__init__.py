"""Making recordings: of a stretch of time, of an investigation on record, of one that was just closed."""
