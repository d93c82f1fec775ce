"""Forms of checks, made from their schemas: whoever does not program writes every kind of check.

fields: a kind as fields. typed: what was typed as the data of a check, and back. inputs: the form
as it is shown, with the words and choices of a company. sheet: all of that for a page.
"""
