"""`manage.py bench`: how fast the engine is, as figures that can be compared between machines."""
