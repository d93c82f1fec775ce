"""Which rubrics runs can be graded again by: the form and the API that ask for it."""
