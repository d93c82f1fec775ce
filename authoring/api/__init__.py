"""Tasks, packs and tokens over REST."""
