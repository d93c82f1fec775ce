"""The support organisation of an online retailer of PC parts."""
