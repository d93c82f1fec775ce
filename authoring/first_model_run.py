"""What leads a launcher from nothing to a model's first run: an endpoint, an agent, a task."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, QuerySet
from django.urls import reverse

from authoring.access import visible_tasks
from authoring.pages import StartStep
from grading.models import Rollout
from simulation.models import AgentConfiguration, ModelEndpoint
from simulation.roles import ADMIN, LAUNCHERS, has_role


def steps_to_model_run(user: User) -> tuple[StartStep, ...]:
    """Give the steps, the first that is open with its link; none to who launches nothing, and none
    once a model has played. One query."""
    if not has_role(user, *LAUNCHERS):
        return ()
    done = _done(user)
    return () if done["run"] else tuple(_steps(user, done))


def _done(user: User) -> dict[str, bool]:
    there: Mapping[str, QuerySet[Any]] = {
        "endpoint": ModelEndpoint.objects.active(),
        "agent": AgentConfiguration.objects.visible_to(user).in_use(),
        "task": visible_tasks(user).approved(),
        "run": Rollout.objects.visible_to(user).filter(episode__endpoint__isnull=False),
    }
    asked: Any = {f"has_{name}": Exists(rows) for name, rows in there.items()}
    found: Any = User.objects.filter(pk=user.pk).values(**asked).get()
    return {name: found[f"has_{name}"] for name in there}


def _steps(user: User, done: dict[str, bool]) -> Iterator[StartStep]:
    is_admin = has_role(user, ADMIN)
    by = "" if is_admin or done["endpoint"] else " An admin makes one."
    rows = (
        ("endpoint", "Say where models are asked",
         f"An endpoint is a server that speaks the chat-completions protocol.{by}",
         reverse("endpoints:new") if is_admin else "", "Make an endpoint"),
        ("agent", "Make an agent",
         "A model, the way it is asked, and what an episode of it may use up.",
         reverse("agents:new"), "Make an agent"),
        ("task", "Have a task approved",
         "Runs take approved tasks: an author submits one, and somebody else reviews it.",
         reverse("tasks:list"), "Go to the tasks"),
        ("run", "Launch a run",
         "You see how many episodes it would be and what they would cost before any starts.",
         reverse("launch:new"), "New run"),
    )  # fmt: skip
    first_open = next(key for key, *_ in rows if not done[key])
    for key, title, text, url, action in rows:
        is_next = key == first_open and bool(url)
        link = {"url": url, "action": action} if is_next else {}
        yield StartStep(title=title, text=text, is_done=done[key], **link)
