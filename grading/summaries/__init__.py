"""What a run comes to: its official grading read in a few queries and summed up by statistics."""
