"""Who turns evidence into a diagnosis; an advisor reads nothing itself."""
