"""Dry runs of a task."""
