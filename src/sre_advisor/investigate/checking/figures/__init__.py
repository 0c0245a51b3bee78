"""Whether the figures of a claim stand in the evidence, for whom and when, or follow from those that do."""
