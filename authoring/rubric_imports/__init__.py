"""Rubrics of other formats, brought into a draft with a preview."""
