"""Worlds as folders and archives of files: reading, previewing, importing, exporting.

Everything is read in memory and nothing is ever unpacked to a disk.
"""
