"""Whether the tasks of a bundle fit the worlds that came along."""

from authoring.bundles.bundle import BundledWorld
from authoring.content import bind_content
from authoring.exports.contents import PackedTask
from authoring.exports.task_files import task_path
from simulation.errors import GymError
from simulation.portability.problems import Findings
from simulation.state import WorldState


def check_fit(task: PackedTask, world: BundledWorld, findings: Findings) -> None:
    """Name what of a task its world has not, and results of queries that it does not give."""
    file = task_path(task.slug)
    if findings.is_full:
        return
    try:
        bound = bind_content(task.content, WorldState(world.snapshot), world.snapshot.prompts)
    except GymError as error:
        for line in error.message.splitlines():
            place, _, text = line.partition(": ")
            findings.add(file, text, field=place)
        return
    pairs = zip(task.content.rubric.criteria, bound.rubric.criteria, strict=True)
    for number, (written, found) in enumerate(pairs):
        if written.hash != found.hash:
            text = f"the result of a query of {written.key} is not what {world.name} gives"
            findings.add(file, text, field=f"rubric.{number}.check")
