"""Pictures of what a person sees, taken from the running demo."""
