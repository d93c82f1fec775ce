"""Launching runs: what is asked for, what of it can be run, what it will take, and the run."""
