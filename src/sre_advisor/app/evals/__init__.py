"""What the commands of `sre-advisor evals` do."""
