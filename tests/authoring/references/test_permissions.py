"""Who changes a reference, its near-misses and the customer; others change nothing."""

import pytest
from django.urls import reverse

from tests.authoring.tasks import make_task
from tests.factories import signed_in

MISS = {"name": "One lamp", "solution": [{"call": "sell", "arguments": {}}]}
POSTS = {
    "reference:message": ((), {"message": "Mine."}),
    "reference:toolset": ((), {"toolset": "all"}),
    "reference:new": (("sell",), {"arg.buyer": "me"}),
    "reference:step": ((1,), {"arg.buyer": "me"}),
    "reference:do": ((1,), {"what": "duplicate"}),
    "reference:repeat": (("sell",), {"what": "add"}),
    "reference:miss_add": ((), {"name": "Mine"}),
    "reference:miss_change": ((1,), {"what": "remove"}),
    "reference:take": ((), {"what": "append"}),
    "customer:page": ((), {"customer.persona": "Me"}),
}
BELOW_A_MISS = ("reference:message", "reference:new", "reference:step", "reference:do")


@pytest.mark.parametrize("person", ["charlie", "runner", "reviewer", "analyst", "author"])
def test_only_its_author_changes_a_solution(person, author, store_world, request):
    task = make_task(author, store_world, near_misses=[MISS])
    before = task.draft.content
    client = signed_in(request.getfixturevalue(person))
    sent = [(name, (), *posted) for name, posted in POSTS.items()]
    sent += [(name, (1,), *POSTS[name]) for name in BELOW_A_MISS]

    answers = {
        client.post(reverse(name, args=[task.slug, *miss, *arguments]), data).status_code
        for name, miss, arguments, data in sent
    }

    task.draft.refresh_from_db()
    if person == "author":
        assert 404 not in answers
    else:
        assert answers == {404}
        assert task.draft.content == before


@pytest.mark.parametrize("person", ["charlie", "runner", "analyst"])
def test_nobody_else_plays_on_a_draft(person, author, store_world, request):
    task = make_task(author, store_world)
    client = signed_in(request.getfixturevalue(person))

    for name, arguments in (("try_tool", ["sell"]), ("try_reset", [])):
        url = reverse(f"reference:{name}", args=[task.slug, *arguments])
        assert client.post(url, {"arg.buyer": "me"}).status_code == 404
