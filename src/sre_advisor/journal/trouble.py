"""What can go wrong with the journal as a whole."""


class JournalUnavailable(Exception):
    """The database cannot be opened or written; the message says which and what to do, without credentials."""
