"""The files of a world before anything in them is read, whether from a folder or an archive."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from simulation.portability.problems import Problem, printable

PROMPTS, ENTITIES = "system-prompts", "entities"
_LITTER = {
    ".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitattributes", ".gitkeep",
    ".editorconfig",
}  # fmt: skip
_FRONT_MATTER = {"license", "license.md", "license.txt", "readme", "readme.md", "readme.txt"}
_HARMLESS_FOLDERS = {"__macosx", ".git"}
_DRIVE = re.compile("[A-Za-z]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """File contents by path with `/`; `ignored` are files that do no harm and say nothing."""

    contents: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


def is_harmless(path: str) -> bool:
    """Tell whether a file is what file managers, archivers and version control leave behind."""
    if is_litter(path):
        return True
    *folders, name = path.lower().split("/")
    return name in _FRONT_MATTER and folders[-1:] not in ([PROMPTS], [ENTITIES])


def is_litter(path: str) -> bool:
    """Tell whether a file is what programs leave behind, and no person has written."""
    *folders, name = path.lower().split("/")
    if not _HARMLESS_FOLDERS.isdisjoint(folders):
        return True
    return name.startswith("._") or name in _LITTER


def path_problem(path: str) -> str:
    """Say why a path is refused; "" for a good one. A path leads down, and to one place only."""
    if not path or "\0" in path:
        return "has no name that can be used"
    if path.startswith("/") or _DRIVE.match(path):
        return "has an absolute name: name files from the world's folder on"
    if "\\" in path:
        return "has a backslash in its name: write paths with /"
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        return "has a name that leads elsewhere: leave out . and .. and empty parts"
    return ""


def without_wrapper(paths: Iterable[str]) -> str:
    """Give the folder with its / in which everything lies, "" when there is none.

    Archivers put the folder itself around its files.
    """
    tops = {path.partition("/")[0] if "/" in path else "" for path in paths}
    top = next(iter(tops)) if len(tops) == 1 else ""
    return f"{top}/" if top and top not in (PROMPTS, ENTITIES) else ""


def sorted_out(
    contents: Mapping[str, bytes],
    problems: Iterable[Problem] = (),
    *,
    is_ignored: Callable[[str], bool] = is_harmless,
) -> Files:
    """Leave out harmless files and the folder around everything."""
    ignored = sorted(map(printable, filter(is_ignored, contents)))
    kept = {path: data for path, data in contents.items() if not is_ignored(path)}
    wrapper = without_wrapper(kept)
    return Files(
        contents={path.removeprefix(wrapper): data for path, data in sorted(kept.items())},
        problems=tuple(problems),
        ignored=tuple(ignored),
    )
