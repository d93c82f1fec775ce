"""Rubric strength: reports on the mutants of a task, kept, shown and corrected by people."""
