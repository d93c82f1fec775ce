"""Dry runs: a revision tried by its reference, the trivial agents, near-misses and mutants."""
