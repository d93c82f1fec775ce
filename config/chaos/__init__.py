"""Chaos: many episodes while workers, servers and the web application are killed under them.

Everything runs on servers and in a folder of its own. What must come out at the end is compared
with what an undisturbed run of the same episodes gives.
"""
