"""A tiny company of two entity types and three tools: the engine's own tests run on it."""
