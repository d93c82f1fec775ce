"""What all operations of the API have in common, for the OpenAPI document and its page."""

from dataclasses import dataclass

API_DESCRIPTION = """\
Worlds, tasks, packs, runs, episodes and verdicts of agents in simulated enterprises.

- **Tokens**: `Authorization: Bearer egt_…` with a personal token. A scope says what it is good
  for: `read`, `author` (tasks, worlds, packs, review), `run` (runs, gradings, verdicts), `train`
  (downloads), `heldout` (held-out content), `admin` (endpoints, judges, tokens).
- **Errors** have one shape: `{"error": {"code", "message", "field"?}}`.
  What you may not see is 404.
- **Lists** come in pages: follow `next`, say `page_size`.
  A filter that there is none of is refused.
- **Sparse answers**: `?fields=id,title` leaves out the others.
- **ETags**: every answer in JSON has one, the hash of its content; `If-None-Match` gets 304.
  A change with `If-Match` is refused with 412 when somebody was faster.
- **Writes** take an `Idempotency-Key`: sent again within 24 hours the same request does nothing and
  gets the first answer, with `Idempotent-Replayed: true`.
- **Limits**: `RateLimit-Remaining` says how many requests are left; beyond that 429 says in
  `Retry-After` how many seconds to wait.
""".replace("\n  ", " ")  # one line an item: our Markdown keeps the ends of lines


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the API. begins: how its addresses begin below /api/v1/; the longest one wins."""

    label: str
    says: str
    begins: tuple[str, ...]


AREAS = (
    Area("Worlds", "Companies that agents work in: rows, tools, questions, files.", ("worlds/",)),
    Area("Tasks", "Begun, found, given to people, retired.", ("tasks/",)),
    Area(
        "Drafts",
        "What an author writes, kept apart when two write at once.",
        ("tasks/{slug}/draft/",),
    ),
    Area(
        "Lint", "What is wrong or doubtful in a task, and what mends it.", ("tasks/{slug}/lint/",)
    ),
    Area(
        "Revisions",
        "States of a task that stay, and how they differ.",
        ("tasks/{slug}/revisions/",),
    ),
    Area(
        "Review",
        "From handing in to approval.",
        tuple(
            f"tasks/{{slug}}/{name}/"
            for name in ("submit", "withdraw", "request-changes", "approve", "review")
        ),
    ),
    Area("Comments", "Threads at places of a task.", ("tasks/{slug}/comments/",)),
    Area(
        "Dry runs",
        "A draft tried on known agents.",
        ("tasks/{slug}/dry-runs/",),
    ),
    Area(
        "Rubric strength",
        "Which mutants of a reference a rubric fails.",
        ("tasks/{slug}/mutations/",),
    ),
    Area("Packs", "Put together from approved tasks, checked, brought in.", ("packs/",)),
    Area(
        "Versions of packs",
        "Frozen for ever: entries, changes, files to take along.",
        ("packs/{pack}/versions/",),
    ),
    Area("Runs", "Tasks done by agents, with statistics.", ("runs/",)),
    Area(
        "Gradings",
        "Stored episodes graded again, beside what there was.",
        ("gradings/", "runs/{run}/gradings/"),
    ),
    Area("Rollouts", "One attempt of one agent, and its reward.", ("rollouts/",)),
    Area("Episodes", "What an agent sent and saw, step by step.", ("episodes/",)),
    Area(
        "Verdicts of people",
        "Given, taken back, carried as labels, compared with machines.",
        (
            *("verdicts/", "labels/", "agreement/"),
            *("rollouts/{id}/verdicts/", "rollouts/{id}/failure-notes/"),
        ),
    ),
    Area(
        "Task reports",
        "That a task or its rubric is wrong, and what became of it.",
        ("task-reports/", "rollouts/{id}/task-reports/"),
    ),
    Area("Transcripts", "Rollouts as lines to learn from.", ("transcripts/",)),
    Area(
        "Agents, models and judges",
        "Who acts in episodes and who decides, and where their models are asked.",
        ("agents/", "endpoints/", "judges/"),
    ),
    Area("Tokens", "Who you are, and what your scripts may.", ("tokens/", "me/")),
)


def area_of(path: str) -> Area:
    """Give the area of an address. Raises LookupError for one that is in none."""
    found = [
        (begin, area)
        for area in AREAS
        for begin in area.begins
        if path.startswith(f"/api/v1/{begin}")
    ]
    if not found:
        raise LookupError(f"{path} is in no area: add it to AREAS")
    return max(found, key=lambda each: len(each[0]))[1]
