"""The tab Setup: what is different in the world of a task, chosen in the world and by form."""
