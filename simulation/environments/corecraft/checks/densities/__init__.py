"""What tasks need, counted from rows: how many are wanted at size 1, and which there are."""
