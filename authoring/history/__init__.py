"""The tab History: revisions, comparing any two, restoring; and the screen of a conflict."""
