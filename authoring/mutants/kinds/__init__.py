"""Kinds of mutants: one module each."""
