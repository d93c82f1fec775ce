"""Beginning tasks: names, templates, copies, and who may."""

import pytest
from django.urls import URLResolver, get_resolver, reverse

from authoring.content import CATEGORIES
from authoring.listing.beginning import RESERVED, Beginning, begin_task, proposed_slug, slug_problem
from authoring.listing.templates import TEMPLATES
from authoring.models import Draft, Task
from grading.graders import GRADERS
from simulation.errors import Forbidden, Problems
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_world, signed_in

NEW = reverse("tasks:new")


SLUGS = {
    "Sell two lamps": "sell-two-lamps",
    "  Straße & Café: 2nd try! ": "strae-cafe-2nd-try",
    "日本": "",
    "x" * 90: "x" * 60,
    "a" * 59 + " b": "a" * 59,
}


@pytest.mark.parametrize("title", SLUGS)
def test_a_name_is_proposed_of_the_title(title):
    assert proposed_slug(title) == SLUGS[title]


REFUSED = {
    "": "write a name",
    "Sell": "lower-case letters",
    "sell--two": "lower-case letters",
    "sell/two": "lower-case letters",
    "x" * 81: "80 at most",
    "new": "is an address of the application",
    "sell-lamps": "already; write sell-lamps-2",
}


@pytest.mark.parametrize("slug", REFUSED)
def test_names_that_cannot_be(slug, author, store_world):
    make_task(author, store_world)

    assert REFUSED[slug] in slug_problem(slug)


def test_no_address_below_tasks_can_be_taken_for_a_task():
    """Whatever comes before <slug> in the table of addresses is reserved."""
    found = set()
    for pattern in get_resolver().url_patterns:
        start = str(pattern.pattern)
        inner = pattern.url_patterns if isinstance(pattern, URLResolver) else [None]
        for each in inner:
            words = f"{start}{each.pattern if each else ''}".split("/")
            if words[0] == "tasks" and words[1:] and words[1] and "<" not in words[1]:
                found.add(words[1])

    assert {"new", "bulk", "using"} <= found <= RESERVED


def test_an_empty_task_has_its_world_and_the_first_of_its_prompts(author, store_world):
    typed = Beginning(title="Sell one", world="store@1", category="reasoning")

    task = begin_task(typed, by=author)

    draft = Draft.objects.get(task=task)
    content = draft.value
    assert (task.slug, task.owner, draft.is_ahead) == ("sell-one", author, True)
    assert (content.title, content.world, content.category) == ("Sell one", "store@1", "reasoning")
    assert content.system_prompt == "clerk"
    assert content.rubric.criteria == content.reference == ()


def test_everything_that_is_wrong_is_said_at_once(author, store_world):
    typed = Beginning(title="", slug="No", world="store@9", category="x", template="y")

    with pytest.raises(Problems) as refused:
        begin_task(typed, by=author)

    fields = [problem.partition(":")[0] for problem in refused.value.problems]
    assert fields == ["title", "slug", "world", "category", "template"]
    assert not Task.objects.exists()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_a_begun_task_with_blanks(name, author, store_world):
    template = TEMPLATES[name]
    typed = Beginning(title=name, world="store@1", category=template.category, template=name)

    content = Draft.objects.get(task=begin_task(typed, by=author)).value

    assert "[" in content.prompt
    assert content.prompt == template.prompt
    assert (content.category, content.mode) == (template.category, template.document["mode"])
    assert 5 <= len(content.rubric.criteria) <= 8
    assert any(criterion.points > 0 for criterion in content.rubric.criteria)
    for criterion in content.rubric.criteria:
        assert criterion.kind in GRADERS
        assert criterion.text.endswith(".")
    with_blanks = [each for each in content.rubric.criteria if "[" in each.text]
    assert len(with_blanks) >= 3


def test_every_category_has_two_templates_at_least():
    counts = [sum(t.category == category for t in TEMPLATES.values()) for category in CATEGORIES]

    assert min(counts) >= 2


def test_the_form_is_for_authors_and_admins(author, admin_person, reviewer, charlie, store_world):
    for person in (author, admin_person):
        assert signed_in(person).get(NEW).status_code == 200
    for person in (reviewer, charlie):
        assert signed_in(person).get(NEW).status_code == 404
        assert signed_in(person).post(NEW, {"title": "x"}).status_code == 404
        with pytest.raises(Forbidden):
            begin_task(Beginning(title="x", world="store@1"), by=person)


def test_the_form_makes_a_task_and_leads_to_it(author, store_world):
    make_world(slug="newer", version=3, prompts={"boss": "You are the boss."})
    client = signed_in(author)
    html = client.get(f"{NEW}?template=reasoning-which-of-two").content.decode()
    assert '<option value="newer@3" selected>' in html  # the one that was published last
    assert '<option value="reasoning" selected>' in html

    answer = client.post(
        NEW, {"title": "Which Ana", "world": "store@1", "template": "reasoning-which-of-two"}
    )

    assert (answer.status_code, answer.url) == (303, "/tasks/which-ana/")
    assert Draft.objects.get().value.category == "reasoning"


def test_a_bad_form_comes_back_with_what_was_typed(author, store_world):
    make_task(author, store_world, "sold")

    answer = signed_in(author).post(NEW, {"title": "<b>Mine", "slug": "sold", "world": "store@1"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_slug"' in html
    assert "there is a task sold already; write sold-2" in html
    assert 'value="&lt;b&gt;Mine"' in html


def test_without_a_world_the_form_says_what_to_do(author):
    assert "There is no published world." in signed_in(author).get(NEW).content.decode()


# copies


def test_a_copy_has_all_of_the_content_and_nothing_of_its_review(
    author, admin_person, reviewer, store_world
):
    task = make_task(author, store_world, "sold", notes="why it is hard")
    Task.objects.update(reviewer=reviewer, split="train", family="sales")
    url = reverse("tasks:duplicate", args=["sold"])

    answers = [signed_in(admin_person).post(url) for _ in range(2)]

    assert [a.url for a in answers] == ["/tasks/sold-copy/", "/tasks/sold-copy-2/"]
    copy = Task.objects.get(slug="sold-copy")
    assert (copy.owner, copy.reviewer, copy.split, copy.family) == (admin_person, None, "", "")
    copied, original = copy.draft.content, task.draft.content
    assert copied == {**original, "title": "Sell two lamps (copy)"}
    assert copy.draft.is_ahead
    assert not copy.revisions.exists()


def test_who_copies_gets_what_they_may_see(author, reviewer, charlie, runner, store_world):
    task = make_task(author, store_world, "sold")
    url = reverse("tasks:duplicate", args=["sold"])
    another = type(author).objects.create_user("olga")
    another.groups.set(author.groups.all())
    assert signed_in(another).post(url).status_code == 404  # a draft of somebody else's

    make_revision(task, "approved")
    Draft.objects.update(content={**task.draft.content, "title": "Secret"})
    for person in (reviewer, charlie, runner):
        assert signed_in(person).post(url).status_code == 404
    assert signed_in(another).post(url).status_code == 303
    assert Task.objects.get(owner=another).draft.value.title == "Sell two lamps (copy)"


def test_long_names_are_copied_too(author, store_world):
    make_task(author, store_world, "x" * 80)
    url = reverse("tasks:duplicate", args=["x" * 80])

    slugs = [signed_in(author).post(url).url.split("/")[2] for _ in range(2)]

    assert slugs == ["x" * 70 + "-copy", "x" * 70 + "-copy-2"]
