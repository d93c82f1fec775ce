"""The tab Rubric: criteria, their checks as forms, and what they say of the reference."""
