"""Packs: putting them together, what is checked, splits, frozen versions, what changed."""
