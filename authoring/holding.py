"""Tasks that stay as they are while something is made of them."""

from collections.abc import Collection, Mapping

from authoring.models import Task


def hold_tasks(pks: Collection[int]) -> Mapping[int, Task]:
    """Read tasks anew by their numbers and keep them so until the transaction ends.

    A freeze that holds one of them out comes before, and is seen here, or after, and then finds
    what was made.
    """
    tasks = Task.objects.select_for_update(no_key=True).filter(pk__in=pks)
    return {task.pk: task for task in tasks.order_by("pk")}
