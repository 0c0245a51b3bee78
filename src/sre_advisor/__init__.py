"""A read-only SRE advisor: evidence first, every claim checked, nothing changed."""
