"""Pages of runs and episodes. Every one starts from what this person may see."""
