"""The page of a run's statistics: pictures, and beside each the numbers it is drawn from."""
