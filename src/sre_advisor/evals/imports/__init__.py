"""Public sets of cases into suites."""
