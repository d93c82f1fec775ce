"""Judges: models that decide what no rule can.

fences and showing: what a judge is shown, agents' words fenced as data. prompts: the words it is
asked with. answers: what it may answer, and what is wrong with what it did. asking: one call.
votes: several answers become one. deciding: all of it, in memory. reuse, holding, retrying: judging
the episodes of runs. configurations: judges are made and retired.
"""

from grading.judging.asking import CallRecord
from grading.judging.deciding import Stopped, decide
from grading.judging.votes import Judged

JUDGING = "judging"  # the queue of their own, so that no judge keeps episodes waiting

__all__ = ["JUDGING", "CallRecord", "Judged", "Stopped", "decide"]
