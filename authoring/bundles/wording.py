"""What an import did, in a sentence."""

from authoring.bundles.importing import Imported
from simulation.wording import counted, listed


def said_of(done: Imported, name: str) -> str:
    """name: of the bundle."""
    parts = [
        *([counted(len(done.worlds), "new world")] if done.worlds else []),
        *([counted(len(done.new), "new task")] if done.new else []),
        *([counted(len(done.further), "further revision")] if done.further else []),
    ]
    if done.is_new:
        parts.append(f"the version {done.version}")
    if not parts:
        return f"{name} was here already: nothing was added."
    return f"{name} was imported: {listed(parts)}."
