"""Grading stored episodes again: asked for, carried out, compared, made official."""
