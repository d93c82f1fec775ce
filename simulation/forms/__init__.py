"""Forms made from JSON schemas: of tools' arguments and of rows.

fields: a schema as fields. reading and writing: inputs to values and back. repeated: rows that are
added and removed. inputs: a form as it is shown. problems: which input a message is about.
referring: values that are taken from earlier results.
"""
