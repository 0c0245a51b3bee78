"""Metrics: golden signals of all services against their own past, bounded PromQL, search for metrics."""
