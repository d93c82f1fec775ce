"""Figures for Prometheus: what waits and runs, and what processes have done."""
