"""From the list of tasks to a pack: what is ticked is taken to the page that says what is added."""

from django.http import QueryDict
from django.urls import reverse

ADD_TO_PACK = "add_to_pack"
SELECTION = ("task", "tasks", "all", "filter")  # what an address says of the tasks it is about


def address_for(data: QueryDict) -> str:
    """Give the page where the tasks are added: of the pack that was chosen, or of a new one."""
    asked = QueryDict(mutable=True)
    for name in SELECTION:
        asked.setlist(name, [value for value in data.getlist(name) if value])
    query, pack = asked.urlencode(), data.get("pack", "")
    if pack:
        return f"{reverse('packs:adding', args=[pack])}?{query}"
    new = QueryDict(mutable=True)
    new["then"] = query
    return f"{reverse('packs:new')}?{new.urlencode()}"
