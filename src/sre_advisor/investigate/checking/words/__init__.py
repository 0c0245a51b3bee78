"""What the words of a sentence say, without looking at any evidence: figures, times, clauses, what came first."""
