"""Pages of worlds: what they show and to whom, what they never run, and what they cost."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.models import Draft, Revision, Task
from simulation import worlds
from simulation.models import World
from simulation.values import read_instant
from tests.factories import HIDDEN, LAMP, STORE, make_draft, make_world, sale, signed_in
from tests.simulation.corecraft import full_world
from tests.simulation.corecraft import worlds as corecraft
from tests.web.conftest import HOSTILE

ESCAPED = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")


def text_of(response) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def url_of(world: World, *parts: str, query: str = "") -> str:
    base = reverse("simulation:world", args=[world.slug, world.version])
    return base + "".join(f"{part}/" for part in parts) + query


@pytest.fixture
def world(runner) -> World:
    return make_world(owner=runner, slug="store", title="The store")


@pytest.fixture
def full(runner) -> World:
    """A company with every kind of row."""
    world = World.objects.create(
        environment="corecraft", slug="full", version=1, title="Full", owner=runner,
        now=read_instant(corecraft.NOW), prompts={"copilot": "# Work\n\nBe kind."},
        manifest=[{"type": "customer", "id": "ada-berg-10001", "noise": "same_name"}],
    )  # fmt: skip
    worlds.import_entities(world, full_world.ENTITIES)
    return worlds.publish_world(world)


# the list and the home


def test_without_a_world_the_list_says_how_to_make_one(page):
    assert "manage.py generate_world corecraft" in text_of(page("/world/"))


def test_the_list_has_every_version_with_its_counts_newest_first(world, page, runner):
    draft = make_draft(runner, slug="store", version=2, title="Next")
    worlds.import_entities(draft, {"item": {"lamp": LAMP}})

    shown = text_of(page("/world/"))

    assert shown.index(url_of(draft)) < shown.rindex(url_of(world))
    assert '6 <span class="faint">of 2 types' in shown
    assert '1 <span class="faint">of 1 type<' in shown
    assert world.content_hash[:12] in shown


def test_the_home_of_a_world_has_its_kinds_with_counts_and_a_sentence(world, page):
    shown = text_of(page(url_of(world)))

    for part in ("The store", "Something on the shelf.", "15 Sep 2025, 19:00:00", "6 rows"):
        assert part in shown
    assert "1 after the clock" in shown
    assert url_of(world, "sale") in shown


def test_a_slug_leads_to_its_newest_published_version(world, page, runner):
    make_draft(runner, slug="store", version=2)

    assert page("/world/store/").url == url_of(world)
    assert page("/world/nowhere/").status_code == 404


def test_an_empty_draft_says_that_it_has_no_rows(page, runner):
    assert "no rows yet" in text_of(page(url_of(make_draft(runner))))


@pytest.mark.parametrize(
    ("person", "status"),
    [("charlie", 404), ("author", 404), ("analyst", 404), ("reviewer", 200), ("runner", 200)],
)
def test_a_draft_is_for_its_owner_reviewers_and_admins(person, status, page, runner, request):
    draft = make_draft(runner, slug="secret", title="Secret")
    worlds.import_entities(draft, STORE)
    user = request.getfixturevalue(person)

    for parts in ((), ("search",), ("policies",), ("changes",), ("sale",), ("item", "lamp")):
        assert page(url_of(draft, *parts), user).status_code == status
    uses = reverse("tasks_using", args=["secret", 1, "item", "lamp"])
    assert page(uses, user).status_code == status
    assert ("Secret" in text_of(page("/world/", user))) == (status == 200)


def test_a_published_world_is_not_compared_with_a_draft_that_one_may_not_see(world, page, author,
                                                                           reviewer):  # fmt: skip
    make_draft(reviewer, slug="store", version=2, title="Secret")

    assert page(url_of(world, "changes", query="?with=2"), author).status_code == 404
    shown = text_of(page(url_of(world, "changes"), author))
    assert "There is only this version" in shown
    assert not [word for word in ("Secret", "store@2", "with=2") if word in shown]


# search


def test_search_finds_in_all_kinds_and_marks_the_words(world, page):
    shown = text_of(page(url_of(world, "search", query="?q=LAMP")))

    assert "<mark>Lamp</mark>" in shown
    assert "4 rows of 2 types" in shown
    assert "after the clock" in shown


def test_a_copied_reference_leads_straight_to_its_row(world, page):
    found = page(url_of(world, "search", query="?q=%40item:lamp"))
    lost = page(url_of(world, "search", query="?q=%40item:nothing"))

    assert found.url == url_of(world, "item", "lamp")
    assert "Nothing has all these words" in text_of(lost)


def test_an_empty_search_says_what_can_be_searched(world, page):
    assert "Search every row" in text_of(page(url_of(world, "search")))


def test_htmx_gets_only_the_results(world, page):
    url = url_of(world, "search", query="?q=lamp")

    shown = text_of(page(url, headers={"HX-Request": "true"}))

    assert "<html" not in shown
    assert 'id="results"' in shown


# lists


def test_a_list_has_titles_references_and_counts(world, page):
    shown = text_of(page(url_of(world, "sale")))

    assert "4 sales" in shown
    assert shown.count('data-label="buyer"') == 4
    assert url_of(world, "sale", "sale-250901-001") in shown


def test_filters_stand_in_the_address_and_can_be_taken_away(world, page):
    shown = text_of(page(url_of(world, "sale", query="?status=open&buyer__contains=b")))

    assert "1 of 4" in shown
    assert "status is open" in shown
    assert 'href="/world/store@1/sale/?buyer__contains=b"' in shown


def test_a_filter_that_does_not_fit_is_said(world, page):
    shown = text_of(page(url_of(world, "item", query="?price__gte=cheap&name__contains=lamp")))

    assert "does not fit and was left out" in shown
    assert "1 of 2" in shown


def test_a_list_without_a_match_and_a_kind_without_rows_say_so(runner, page):
    world = make_world({"item": {"lamp": LAMP}}, owner=runner)
    no_match = url_of(world, "item", query="?name__contains=nobody")

    assert "No row meets all of these filters" in text_of(page(no_match))
    assert "There is none in this world" in text_of(page(url_of(world, "sale")))


@pytest.mark.parametrize("query", ["?page=0", "?page=99", "?page=x", "?column=nope", "?sort=nope",
                                   "?sort=-%3Cno.way", "?status__in=", "?=1", "?noise=same_name",
                                   "?a=1&" * 400, "?id__contains=%00"])  # fmt: skip
def test_any_address_of_a_list_gives_a_page(query, world, page):
    assert page(url_of(world, "sale", query=query)).status_code == 200


def test_every_kind_and_every_row_of_a_company_has_its_page(full, page):
    for kind, rows in full_world.ENTITIES.items():
        text_of(page(url_of(full, kind)))
        for key in rows:
            assert f"@{kind}:{key}" in text_of(page(url_of(full, kind, key)))


def test_what_is_not_there_is_404(world, page):
    for parts in (("nothing",), ("item", "nothing"), ("nothing", "lamp"),
                  ("policies", "item", "lamp"), ("policies", "prompts", "none")):  # fmt: skip
        assert page(url_of(world, *parts)).status_code == 404


# one row


def test_a_row_shows_its_fields_references_and_what_refers_to_it(full, page):
    shown = text_of(page(url_of(full, "order", "ord-250801-001")))

    for part in ("Ada Berg", "FedEx Express", "45 days before the clock", "Orrery cpu",
                 "payments", "619.69", "Order ETA", "order created"):  # fmt: skip
        assert part.lower() in shown.lower(), part
    assert f"{url_of(full, 'payment')}?orderId=ord-250801-001" in shown


def test_the_timeline_of_an_order_goes_over_payments_to_refunds_and_tickets(full, page):
    shown = text_of(page(url_of(full, "order", "ord-250801-001")))
    timeline = shown[shown.index("timeline-title") :]

    for word in ("payment created", "shipment label created", "refund created",
                 "support ticket created", "escalation created"):  # fmt: skip
        assert word in timeline


def test_hidden_rows_are_shown_to_people_and_marked(world, page):
    shown = text_of(page(url_of(world, "sale", HIDDEN)))

    assert "Agents cannot see this yet." in shown
    assert "after the clock" in text_of(page(url_of(world, "sale")))


@pytest.mark.parametrize(
    ("person", "sees"),
    [("charlie", False), ("runner", False), ("author", True), ("reviewer", True),
     ("analyst", True), ("admin_person", True)],
)  # fmt: skip
def test_what_is_untidy_on_purpose_is_for_those_who_may_see_rubrics(
    person, sees, full, page, request
):
    user = request.getfixturevalue(person)

    for url in (url_of(full), url_of(full, "customer", "ada-berg-10001")):
        assert ("same name" in text_of(page(url, user))) == sees
    listed = text_of(page(url_of(full, "customer", query="?noise=same_name"), user))
    assert ("1 of 1" in listed) == sees


def test_raw_json_is_on_the_page_and_on_one_of_its_own(world, page):
    assert '"inStock": 10' in text_of(page(url_of(world, "item", "lamp")))
    raw = text_of(page(url_of(world, "item", "lamp", query="?raw")))
    assert '"inStock": 10' in raw
    assert "Copy reference" not in raw


def test_previous_and_next_stay_within_the_filter(world, page):
    query = "?status=open&sort=buyer"

    shown = text_of(page(url_of(world, "sale", "sale-250901-002", query=query)))

    assert "2 of 3" in shown
    assert 'rel="prev" href="/world/store@1/sale/sale-250915-004/?status=open&sort=buyer"' in shown
    assert f'rel="next" href="/world/store@1/sale/{HIDDEN}/?status=open&sort=buyer"' in shown


def test_ids_of_any_characters_have_their_page(runner, page):
    keys = ("a/b", "50 %?", "x#y", "ö&<b>", "tab\there")
    world = make_world({"item": dict.fromkeys(keys, LAMP)}, owner=runner)
    shown = page(url_of(world, "item")).content.decode()

    links = [part.split('"')[0] for part in shown.split('class="row-link" href="')[1:]]

    assert len(links) == len(keys)
    for link in links:
        assert page(html.unescape(link)).status_code == 200


def test_hostile_rows_are_shown_and_never_run(runner, page):
    key = "<script>x</script>"
    rows = {
        "item": {key: {**LAMP, "name": HOSTILE, "note": f"{HOSTILE}\nmore"}},
        "sale": {"sale-250901-001": sale(HOSTILE, key)},
    }
    world = make_world(rows, owner=runner, slug="bad", title=HOSTILE, prompts={HOSTILE: HOSTILE})
    urls = [
        "/world/", url_of(world), url_of(world, "item"), url_of(world, "sale"),
        url_of(world, "sale", "sale-250901-001"), url_of(world, "search", query="?q=script"),
        url_of(world, "policies"), url_of(world, "item", query=f"?q={HOSTILE}&name={HOSTILE}"),
        html.unescape(url_of(world, "item", "%3Cscript%3Ex%3C%2Fscript%3E")),
        reverse("tasks_using", args=["bad", 1, "item", key]),
    ]  # fmt: skip

    for url in urls:
        response = page(url)
        assert response.status_code == 200, url
        shown = response.content.decode()
        assert "<script>" not in shown, url
        assert "<img" not in shown, url
        assert " style=" not in shown
    assert ESCAPED in page(url_of(world, "item")).content.decode()


def test_hostile_markdown_is_cleaned(runner, page):
    rows = {"company_policy": {"p": {
        "title": "P", "section": "S", "effectiveFrom": "2025-01-01",
        "body": f"# Head <b id=x>\n\n{HOSTILE} [a](javascript:alert(1)) ![i](http://e.example/x)",
    }}}  # fmt: skip
    world = World.objects.create(environment="corecraft", slug="md", version=1, title="M",
                                 owner=runner, now=read_instant(corecraft.NOW))  # fmt: skip
    worlds.import_entities(world, rows)
    worlds.publish_world(world)

    for parts in (("company_policy", "p"), ("policies", "company_policy", "p")):
        shown = page(url_of(world, *parts)).content.decode()
        body = shown[shown.index("<main") : shown.index('class="raw"') if "raw" in shown else None]
        assert "<script>" not in body
        assert "<img" not in body
        assert 'href="javascript' not in body


# policies


def test_texts_are_listed_with_what_is_no_longer_in_force(full, page):
    shown = text_of(page(url_of(full, "policies")))

    assert "System prompt: copilot" in shown
    for kind in ("company_policy", "knowledge_base_article"):
        for key in full_world.ENTITIES[kind]:
            assert url_of(full, "policies", kind, key) in shown


def test_the_policy_says_whether_agents_are_told(full, page, runner):
    policy = full.company.policy
    told = World.objects.create(
        environment="corecraft", slug="told", version=1, title="T", owner=runner,
        now=read_instant(corecraft.NOW), prompts={"copilot": f"Work.\n\n{policy}"},
    )  # fmt: skip

    assert "not told this" in text_of(page(url_of(full, "policies", "company")))
    assert "part of the copilot prompt" in text_of(page(url_of(told, "policies", "company")))


def test_a_text_keeps_its_headings_and_has_an_outline(full, page):
    shown = text_of(page(url_of(full, "policies", "company")))

    assert '<h2 id="section-1">Answering</h2>' in shown
    assert 'href="#section-1"' in shown


# differences


def test_changes_are_shown_field_by_field_and_can_be_narrowed(world, page, runner):
    rows = {**STORE, "item": {**STORE["item"], "lamp": {**LAMP, "price": 13.0}, "table": LAMP}}
    other = make_world(rows, owner=runner, slug="store", version=2, parent=world)

    shown = text_of(page(url_of(other, "changes")))
    narrowed = text_of(page(url_of(other, "changes", query="?with=1&operation=added")))

    assert "From v1 to v2" in shown
    assert "<del>12.5</del> → <ins>13.0</ins>" in shown
    assert url_of(other, "item", "table") in narrowed
    assert "<del>12.5</del>" not in narrowed
    assert "From v1 to v2" in text_of(page(url_of(world, "changes")))


def test_equal_versions_say_so_and_a_single_one_too(world, page, runner):
    assert "only this version" in text_of(page(url_of(world, "changes")))
    make_world(owner=runner, slug="store", version=2)

    assert "Both versions are equal" in text_of(page(url_of(world, "changes", query="?with=2")))


def test_a_difference_deep_inside_a_long_text_is_shown(runner, page):
    start, end = "word " * 100, " end" * 100
    for version, middle in ((1, "before"), (2, "after")):
        item = {**LAMP, "note": f"{start}{middle}{end}"}
        world = make_world({"item": {"lamp": item}}, owner=runner, slug="long", version=version)

    shown = text_of(page(url_of(world, "changes")))

    assert "word before end" in shown
    assert "word after end" in shown


# used by


@pytest.fixture
def task(world, author) -> Task:
    """An approved task whose rubric names the lamp, and whose draft names the chair."""
    task = Task.objects.create(slug="sell", owner=author)
    content = {
        "title": "Sell", "prompt": "Sell one.", "world": "store@1", "setup": [],
        "asker": {"type": "sale", "id": "sale-250901-002"},
        "rubric": {"criteria": [{"key": "k", "text": "The lamp is sold: item-7",
                                 "check": {"where": [{"path": "id", "value": "lamp"}]}}]},
    }  # fmt: skip
    Revision.objects.create(task=task, number=1, content=content, author=author, state="approved")
    draft = {**content, "setup": [{"op": "update", "entity_type": "item", "id": "chair"}]}
    Draft.objects.create(task=task, content=draft, updated_by=author)
    return task


@pytest.mark.parametrize(
    ("person", "key", "says"),
    [
        ("author", "lamp", "in rubric"),
        ("reviewer", "lamp", "in rubric"),
        ("analyst", "lamp", "in rubric"),
        ("runner", "lamp", "No task that you may see"),
        ("author", "chair", "in setup"),
        ("reviewer", "chair", "in setup"),
        ("analyst", "chair", "No task that you may see"),
        ("charlie", "sale-250901-002", "in who asks"),
        ("author", "sale-250901-001", "No task that you may see"),
    ],
)
def test_tasks_that_name_a_row_are_listed_to_those_who_may_know(
    person, key, says, task, page, request
):
    kind = "sale" if key.startswith("sale") else "item"
    url = reverse("tasks_using", args=["store", 1, kind, key])

    assert says in text_of(page(url, request.getfixturevalue(person)))


def test_held_out_tasks_are_named_to_admins_only(task, page, author, admin_person):
    Task.objects.update(split="heldout")
    url = reverse("tasks_using", args=["store", 1, "item", "lamp"])

    assert "No task" in text_of(page(url, author))
    assert "in rubric" in text_of(page(url, admin_person))


def test_an_id_inside_another_word_is_no_mention(task, page, author, runner):
    Draft.objects.update(content={"title": "T", "world": "store@1", "prompt": "xlamp-1x lampshade"})
    url = reverse("tasks_using", args=["store", 1, "item", "lamp"])

    assert "No task" in text_of(page(url, author))


def test_a_row_that_is_not_there_is_used_by_nothing(world, page):
    assert page(reverse("tasks_using", args=["store", 1, "item", "no"])).status_code == 404


# cost


@pytest.fixture
def cost(runner):
    """Count the queries of a page for somebody who is signed in and was there before."""
    client = signed_in(runner)

    def count(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(url))
        return len(captured)

    return count


def many(count: int) -> dict:
    items = {f"item-{n}": {**LAMP, "name": f"Lamp {n}"} for n in range(count)}
    sales = {f"sale-250901-{n:03d}": sale(f"b{n}", f"item-{n}") for n in range(count)}
    return {"item": items, "sale": sales}


def test_pages_of_worlds_cost_the_same_number_of_queries_however_much_there_is(
    cost, author, runner
):
    costs = []
    for slug, count in (("small", 3), ("large", 300)):
        make_world(many(count), owner=runner, slug=slug)
        world = make_world(many(count + 1), owner=runner, slug=slug, version=2)
        if slug == "large":
            for number in range(8):
                Task.objects.create(slug=f"task-{number}", owner=author)
        urls = [
            url_of(world, *parts)
            for parts in ((), ("item",), ("sale",), ("item", "item-1"), ("policies",), ("changes",))
        ]
        urls += [url_of(world, "search", query="?q=lamp"),
                 url_of(world, "sale", query="?lines.itemId.name__contains=lamp&sort=-buyer"),
                 reverse("tasks_using", args=[slug, 2, "item", "item-1"])]  # fmt: skip
        costs.append([cost(url) for url in urls])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 6


def test_the_list_of_worlds_costs_the_same_with_many_worlds_and_drafts(cost, runner):
    for number in (1, 2):
        make_world(owner=runner, slug=f"w{number}")
        make_draft(runner, slug=f"w{number}", version=2)
    before = cost("/world/")
    for number in range(3, 9):
        make_world(owner=runner, slug=f"w{number}")
        make_draft(runner, slug=f"w{number}", version=2)

    assert cost("/world/") == before


# ways from elsewhere


def test_home_and_episodes_lead_into_the_world(run, page):
    rollout = run.rollouts.filter(agent="reference").first()
    world = rollout.episode.world
    episode = text_of(page(reverse("grading:episode", args=[run.pk, rollout.pk])))
    made = next(c for s in rollout.episode.steps.all() for c in s.changes if not c["before"])

    assert url_of(world) in text_of(page("/"))
    assert f'href="{url_of(world)}"' in episode
    assert url_of(world, "item", "lamp") in episode
    assert url_of(world, "sale", made["id"]) not in episode
