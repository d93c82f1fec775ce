"""A run while it runs: how far it is, what holds it up, what went wrong, what it costs."""
