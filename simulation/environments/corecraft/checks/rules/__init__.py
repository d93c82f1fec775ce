"""Business rules. Imports may break them, so each breach is a warning."""
