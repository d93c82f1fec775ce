"""What must hold between CoreCraft's rows, and what its tasks need many of.

Nothing here is taken from the generator: everything is read from rows, so it holds for imports too.
"""
