"""A pack from the list of tasks to another installation, by all who have a part in it."""

import hashlib
import json
import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from authoring.models import PackVersion, Task
from tests.authoring.bundles.elsewhere import empty
from tests.authoring.conftest import PROMPTS as SYSTEM_PROMPTS
from tests.authoring.packs.conftest import PROMPTS
from tests.authoring.tasks import make_revision, make_task
from tests.e2e.ways import Keyboard, Mouse
from tests.factories import make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
FORMS = ("Bundle", "Data set (JSONL)", "Data set (parquet)")


@pytest.fixture
def world(runner):
    return make_world(owner=runner, slug="store", version=1, prompts=SYSTEM_PROMPTS)


@pytest.fixture
def tasks(author, world):
    """Four tasks of alice, all approved; one of them is easy."""
    for slug in ("lamps", "again", "third", "fourth"):
        difficulty = "easy" if slug == "fourth" else "hard"
        task = make_task(author, world, slug, prompt=PROMPTS[slug], difficulty=difficulty)
        make_revision(task, "approved", title=f"Two lamps: {slug}")


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def person(request, visit, tasks, author, reviewer, runner, admin_person):
    """Give somebody's browser, opened once."""
    opened = {}

    def of(name):
        if name not in opened:
            page = visit("/packs/", person=name, is_quick=True)
            opened[name] = request.param(page)
        return opened[name]

    return of


def make_from_the_list(alice):
    alice.page.goto("/tasks/")
    alice.choose("Difficulty", "hard")
    alice.press("Filter", then="3 tasks")
    alice.tick(alice.page.get_by_label("All 3 matching tasks"))
    alice.choose("What to do with them", "Add to a pack")
    alice.press("Go on …", then="New pack")
    alice.write("Title", " ")
    alice.press("Make the pack", then="The pack was not made.")
    expect(alice.page.locator(":focus")).to_have_id("problems")
    alice.write("Title", "Lamp sales")
    pick_exact_numbers(alice)
    alice.enter(alice.page.get_by_role("textbox", name="Held out"), "1")
    alice.press("Make the pack", then="Add 3 tasks to lamp-sales?")
    alice.press("Add 3 tasks", then="It can be frozen, with")
    alice.sees("Two lamps: third", "No task of communication is easy, medium or hard.")


def pick_exact_numbers(alice):
    share, exact = (
        alice.page.get_by_role("radio", name=re.compile(name)) for name in ("By share", "Exact")
    )
    if isinstance(alice, Keyboard):  # Tab stops at the chosen one of a group, arrows choose
        alice.reach(share)
        alice.page.keyboard.press("ArrowDown")
    else:
        alice.tick(exact)
    expect(exact).to_be_checked()


def freeze(alice, number, notes):
    alice.press(f"Freeze version {number}", then=f"Freeze lamp-sales@{number}?")
    alice.write("Notes", notes)
    alice.press(f"Freeze lamp-sales@{number}", then=f"lamp-sales@{number} is frozen.")


def edit_and_hand_in(alice, slug):
    alice.page.goto(f"/tasks/{slug}/")
    prompt = alice.region("Prompt")
    alice.write("prompt", f"{PROMPTS[slug]} Say thanks.", prompt)
    alice.save(prompt)
    expect(alice.page.locator("#hand-in-reasons")).to_have_count(0)
    alice.unfold("Submit for review")
    form = alice.page.locator("form", has_text="Message to the reviewer")
    alice.write("Message to the reviewer", "Politer.", form)
    alice.press("Submit for review", form, then="waits for review.")


def approve(bob, slug):
    bob.page.goto("/reviews/")
    bob.press(f"Two lamps: {slug}", then="0 of 2 ticked")
    for number in (1, 2):
        bob.press(f"Criterion {number} is right", then=f"{number} of 2 ticked")
    for question in bob.page.get_by_role("radio", name="fine", exact=True).all():
        bob.tick(question)
    bob.answer()
    bob.sees("9 of 9 answered")
    bob.press("Reveal the reference", then="Sold and paid.")
    bob.press("Approve", then="is approved.")


def take_what_is_newer(alice):
    alice.page.goto("/packs/lamp-sales/freeze/")
    alice.sees("Nothing differs from")
    alice.press("Back to the pack", then="1 task has a newer approved revision.")
    alice.press("Take it", then="1 task has its approved revision now.")


def downloaded(someone, name):
    with someone.page.expect_download() as got:
        someone.press(name)
    data = got.value.path().read_bytes()
    return got.value.suggested_filename, hashlib.sha256(data).hexdigest(), got.value.path()


def bring_in(adam, path):
    adam.page.goto("/packs/")
    adam.press("Import a bundle", then="Zip file of a bundle")
    adam.page.locator("#id_archive").set_input_files(path)
    adam.press("Look at it", then="ready to import")
    adam.press("Import and approve", then="and the version lamp-sales@2.")
    adam.page.wait_for_url("**/packs/lamp-sales/versions/2/")


def use_a_token(ruth, live_server):
    """Make a token, and ask as the page of the version says with what it was given."""
    ruth.page.goto("/packs/lamp-sales/versions/2/")
    command = ruth.page.get_by_role("group", name="Commands").inner_text()
    url = re.search(r'"(http[^"]+)"', command).group(1)
    ruth.page.goto("/settings/tokens/new/")
    ruth.enter(ruth.page.get_by_label("What it is for"), "trainer")
    ruth.tick(ruth.page.get_by_label("train", exact=False).first)
    ruth.press("Make the token", then="Copy it now.")
    text = ruth.page.get_by_label("The token").inner_text()
    assert url.startswith(live_server.url)
    with pytest.raises(HTTPError, match="401"):
        urlopen(Request(url), timeout=10)
    headers = {"Authorization": f"Bearer {text}"}
    with urlopen(Request(url, headers=headers), timeout=30) as answer:
        return hashlib.sha256(answer.read()).hexdigest()


def test_a_pack_goes_from_the_list_of_tasks_into_another_installation(
    person, live_server, author, reviewer, runner, admin_person, tmp_path
):
    alice, bob, adam, ruth = map(person, ("alice", "bob", "adam", "ruth"))
    make_from_the_list(alice)
    freeze(alice, 1, "The first.")
    alice.sees("1 held-out task is not listed")
    (secret,) = Task.objects.filter(split="heldout")
    seen = Task.objects.filter(split="train").first().slug
    assert f"/tasks/{secret.slug}/" not in alice.page.content()
    adam.page.goto("/packs/lamp-sales/versions/1/")
    adam.sees(f"Two lamps: {secret.slug}")

    edit_and_hand_in(alice, seen)
    approve(bob, seen)
    take_what_is_newer(alice)
    freeze(alice, 2, "Politer.")
    alice.sees("revision 1 to 2", "not comparable")
    files = {form: downloaded(alice, f"Download {form}") for form in FORMS}
    assert files["Bundle"][0] == "lamp-sales-2-bundle.zip"
    assert use_a_token(ruth, live_server) == files["Bundle"][1]

    adam.page.goto("/packs/lamp-sales/versions/2/")
    whole = downloaded(adam, "With held-out tasks: Bundle")
    assert whole[1] != files["Bundle"][1]
    said = json.dumps(PackVersion.objects.get(number=2).splits)
    empty()
    bring_in(adam, whole[2])
    assert json.dumps(PackVersion.objects.get().splits) == said
    assert downloaded(adam, "With held-out tasks: Bundle")[1] == whole[1]
    assert downloaded(adam, "Download Bundle")[1] == files["Bundle"][1]
