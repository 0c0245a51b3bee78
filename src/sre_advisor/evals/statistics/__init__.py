"""How sure a figure is: intervals, tests and sequential watching. Pure."""
