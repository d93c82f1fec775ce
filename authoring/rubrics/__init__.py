"""The tab Rubric: criteria, their checks as forms, and what they say of the reference.

changes: what can be done to a rubric, as functions on documents. results: a criterion on the
reference. proposals: criteria made of what the reference changes, with subjects, field_checks and
coverage. form: a criterion as it is edited. many: several criteria at once. placing: expected
values put into a check. cards: what the tab shows.
"""
