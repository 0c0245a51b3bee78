"""The commands of `sre-advisor evals`."""
