"""The guide for authors: what makes a good task, and each kind of check with an example."""
