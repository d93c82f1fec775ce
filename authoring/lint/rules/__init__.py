"""The rules, one module each or a few that are kin."""
