"""What a bundle may weigh at most: more than a world, because it holds worlds and many tasks."""

from simulation.portability.limits import MAX_FILE, Bounds

MAX_TASKS = 5_000
MAX_TASK_FILE = 2_000_000  # bytes of one task
BUNDLE = Bounds(archive=100_000_000, file=MAX_FILE, total=256_000_000, files=MAX_TASKS + 1_000)
