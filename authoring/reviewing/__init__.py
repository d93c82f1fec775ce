"""Review: submitting, what changed, comments, ticks, the checklist, and the verdict."""
