"""The tabs Reference and Customer: how the task is solved, and who is talked to."""
