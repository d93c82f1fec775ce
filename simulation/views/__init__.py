"""Pages of worlds: one module an area."""
