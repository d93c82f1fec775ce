"""Bundles from outside: read without a database, replayed, and brought in."""
