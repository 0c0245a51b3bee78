"""What a run or a comparison says: figures, tables, one page."""
