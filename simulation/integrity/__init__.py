"""Whether the rows of a world hold together: what every company needs, and its own rules.

parts: the decorators that a company's checks/ are written with. existence: the engine's own rules.
inspecting: all rules over one snapshot. report: what was found.
"""
