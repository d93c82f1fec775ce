"""What people say about rollouts: verdicts, why an attempt failed, what is wrong with a task."""
