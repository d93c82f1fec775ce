"""Reading what experts write, by plain rules: which words stand where, and what they stand for.

No model and no grammar: lists of words (lexicon, verbs), a text in which names, ids, quotations and
numbers are set aside (masking, reading), and where one requirement ends (joints, parts).
"""
