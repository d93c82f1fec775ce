"""Reading what agents write: lines, list items, numbers, money and dates in free text.

The text is hostile: it is cut to a length, every pattern is linear, and nothing in it is executed.
"""
