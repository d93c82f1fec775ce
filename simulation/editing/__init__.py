"""Pages on which people change drafts: rows, details, and what leads to publishing.

fields: an entity type as a form. row_form: the page of a row's form. conflicts: two versions of a
row side by side. details: title, clock, agent and prompts. bar: what stands above every page of a
draft. checking and publishing: what rules say, and what would be frozen.
"""
