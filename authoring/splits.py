"""Splits of tasks: for what a task may be used. A task gets its split once, for life."""

from grading.held_out import HELD_OUT

__all__ = ["HELD_OUT", "SHARES", "SPLITS", "TEST", "TRAIN"]

TRAIN, TEST = "train", "test"
SPLITS = (TRAIN, TEST, HELD_OUT)
SHARES = {TRAIN: 0.8, TEST: 0.1, HELD_OUT: 0.1}  # where no exact sizes are asked for
