"""The one mutable copy of each task: reading, saving, and cutting revisions from it.

document: the content of a draft as JSON, field by field. scene: the world in which it plays.
saving: changes, each conditional on what was seen. cutting: revisions.
"""
