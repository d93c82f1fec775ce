"""From the list of tasks to a pack or a run: what is ticked is taken to the page that says what is
added, or launched.
"""

from django.http import QueryDict
from django.urls import reverse

ADD_TO_PACK, LAUNCH = "add_to_pack", "launch"
SELECTION = ("task", "tasks", "all", "filter")  # what an address says of the tasks it is about


def address_for(data: QueryDict) -> str:
    """Give the page where the tasks are added: of the pack that was chosen, or of a new one."""
    query, pack = _selection(data), data.get("pack", "")
    if pack:
        return f"{reverse('packs:adding', args=[pack])}?{query}"
    new = QueryDict(mutable=True)
    new["then"] = query
    return f"{reverse('packs:new')}?{new.urlencode()}"


def launch_address(data: QueryDict) -> str:
    """Give the form of a run of the tasks."""
    return f"{reverse('launch:new')}?{_selection(data)}"


def _selection(data: QueryDict) -> str:
    asked = QueryDict(mutable=True)
    for name in SELECTION:
        asked.setlist(name, [value for value in data.getlist(name) if value])
    return asked.urlencode()
