"""All pages on which tasks are written and reviewed: they suit everybody, and typing is safe."""

import pytest
from django.contrib.auth.models import Group

from authoring.access import look_at_task
from authoring.drafts.cutting import cut_revision
from authoring.drafts.saving import replace_draft
from authoring.lint.deciding import findings_of, keep
from authoring.models import Revision
from authoring.reviewing.comments import add_comment, reply, resolve
from authoring.reviewing.submission import submit
from simulation.roles import AUTHOR, REVIEWER
from tests.authoring.conftest import PROMPTS
from tests.authoring.dry_runs import KIND, make_dry_run, make_tried_task
from tests.authoring.tasks import make_task
from tests.e2e.conftest import AXE
from tests.e2e.ways import width_of
from tests.factories import make_user, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

SETUP = [
    {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 9.5}},
    {
        "op": "create",
        "entity_type": "sale",
        "id": "sale-250915-005",
        "fields": {
            "buyer": "fay",
            "lines": [{"itemId": "chair", "qty": 1}],
            "status": "open",
            "createdAt": "2025-09-15T10:00:00Z",
            "updatedAt": "2025-09-15T10:00:00Z",
        },
    },
    {"op": "delete", "entity_type": "sale", "id": "sale-250901-002"},
]
CUSTOMER = {
    "persona": "Dee, in a hurry.",
    "goal": "Two lamps.",
    "facts_known": ["She pays by card."],
    "facts_withheld": [{"topic": "the address", "fact": "12 Elm Street"}],
}
POOR = "Sell dee two lamps, TODO, and @item:lampp, etc."


@pytest.fixture
def people(runner, author):
    """Ruth, who is signed in, writes and reviews; Alice writes, Bob reviews."""
    for role in (AUTHOR, REVIEWER):
        runner.groups.add(Group.objects.get_or_create(name=role)[0])
    return runner, author, make_user("bob", REVIEWER)


@pytest.fixture
def rich(people):
    """A draft of ruth's with all there can be, and a task of alice's that waits for ruth."""
    ruth, alice, bob = people
    world = make_world(owner=ruth, slug="store", version=1, prompts=PROMPTS)
    content = {"setup": SETUP, "mode": "conversation", "customer": CUSTOMER, "title": "Sell lamps"}
    draft = make_tried_task(ruth, world, KIND, **content)
    make_dry_run(draft)
    cut_revision(draft, by=ruth, cause=Revision.Cause.NAMED, name="before the rewriting")
    replace_draft(draft, {**draft.draft.content, "prompt": POOR}, by=ruth)
    draft.refresh_from_db()
    found = [each for each in findings_of(draft, draft.draft.value) if each.severity != "error"]
    keep(draft, found[0].fingerprint, reason="Dee says it so.", by=ruth)
    thread = add_comment(look_at_task(bob, draft.slug), "prompt", "Which **lamps**?")
    reply(look_at_task(ruth, draft.slug), thread, "The tall ones.")
    resolve(look_at_task(bob, draft.slug), add_comment(look_at_task(bob, draft.slug), "setup", "?"))
    waiting = make_tried_task(alice, world, slug="two-lamps", title="Two lamps", setup=SETUP[:1])
    submit(waiting, by=alice, note="The **second** criterion is hard.", reviewer=ruth)
    add_comment(look_at_task(ruth, waiting.slug), "criterion/sale-is-paid", "By whom?")
    blank = {"title": "Empty", "prompt": "", "reference": [], "rubric": []}
    make_task(ruth, world, "empty", **blank)
    return draft


def addresses():
    """Give every page of the area, the rich draft's first."""
    own, empty, waiting = "/tasks/sell-lamps/", "/tasks/empty/", "/tasks/two-lamps/"
    yield from (own, f"{own}?side=comments", f"{own}?side=world&find=lamp")
    yield from (f"{own}agent/", f"{own}customer/", f"{own}lint/", f"{own}history/")
    yield from (f"{own}history/compare/", f"{own}dry-run/", f"{own}dry-run/past/")
    yield from (f"{own}setup/{part}" for part in ("", "add/?q=lamp", "add/sale/", "new/sale/"))
    yield from (f"{own}setup/{part}" for part in ("1/", "3/duplicate/", "json/"))
    yield from (
        f"{own}setup/{part}" for part in ("like/sale/sale-250915-004/", "remove/item/lamp/")
    )
    yield from (f"{own}reference/{part}" for part in ("", "new/", "new/sell/", "repeat/sell/"))
    yield from (f"{own}reference/{part}" for part in ("steps/2/", "try/", "try/sell/"))
    yield f"{own}reference/near-misses/1/"
    yield from (f"{own}rubric/{part}" for part in ("?edit=sale-is-paid", "per-row/", "per-field/"))
    yield from (f"{own}rubric/{part}" for part in ("?split=kind-words", "?turn=kind-words"))
    at = "?at=check.expect.0.value"
    yield from (f"{own}rubric/sale-is-paid/{part}/{at}" for part in ("bind", "pick"))
    yield from (
        empty,
        f"{empty}setup/",
        f"{empty}reference/",
        f"{empty}rubric/",
        f"{empty}history/",
    )
    yield from (f"{empty}dry-run/", f"{waiting}review/", f"{waiting}reference/", f"{own}review/")
    yield from ("/", "/tasks/", "/tasks/new/", "/reviews/", "/reviews/?which=own", "/inbox/")
    guide = ("", "criteria/", "checks/", "checks/state/", "lint/", "review/")
    yield from (f"/guide/{part}" for part in guide)


RULES = "(only) => axe.run(document, {resultTypes: ['violations'], ...only})"


def only(*rules):
    return {"runOnly": {"type": "rule", "values": rules}}


# what a page is looked at for: all rules once, then those that hang on the theme and on the width
LOOKS = (
    (1400, "light", {}),
    (1400, "dark", only("color-contrast")),
    (390, "dark", only("scrollable-region-focusable", "link-in-text-block", "color-contrast")),
)


class Looker:
    """Looks at an open page in both themes and at both widths, and collects what is wrong."""

    def __init__(self, page):
        self.page, self.wrong = page, []

    def look(self, name):
        page = self.page
        page.wait_for_load_state()
        page.evaluate(AXE)  # by the driver: the page's own policy forbids foreign scripts
        for width, scheme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.wrong += [
                f"{name} at {width} {scheme}: {each}" for each in self._see(width, rules)
            ]
        page.set_viewport_size({"width": 1400, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def _see(self, width, rules):
        wide = width_of(self.page)
        if wide > width:
            yield f"{wide} px wide"
        for rule in self.page.evaluate(RULES, rules)["violations"]:
            for node in rule["nodes"]:
                yield f"{rule['id']}: {node['html'][:120]}"


def test_every_page_suits_everybody_in_both_themes_and_at_both_widths(rich, visit):
    page = visit("/")
    looker = Looker(page)

    for address in addresses():
        answer = page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        looker.look(address)
    page.goto("/tasks/two-lamps/review/")
    page.get_by_role("button", name="Reveal the reference").click()
    page.get_by_text("Sold and paid.").first.wait_for()
    looker.look("revealed")
    page.goto("/tasks/")
    page.get_by_label("All 3 matching tasks").check()
    page.get_by_label("What to do with them").select_option("retire")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Retire").wait_for()
    looker.look("bulk")
    page.goto("/tasks/sell-lamps/")
    replace_draft(rich, {**rich.draft.content, "prompt": "Somebody else's."}, by=rich.owner)
    page.locator("form", has=page.locator("[name=prompt]")).evaluate("form => form.submit()")
    page.get_by_role("heading", name="You both changed this").wait_for()
    looker.look("conflict")

    assert looker.wrong == []


FORMS = {
    "prompt": ("/tasks/sell-lamps/", "prompt"),
    "about": ("/tasks/sell-lamps/", "title"),
    "criterion text": ("/tasks/sell-lamps/rubric/?edit=sale-is-paid", "text"),
    "check": ("/tasks/sell-lamps/rubric/?edit=sale-is-paid", "check.expect.0.value"),
    "setup": ("/tasks/sell-lamps/setup/2/", "row.buyer"),
    "step": ("/tasks/sell-lamps/reference/steps/1/", "arg.buyer"),
    "message": ("/tasks/sell-lamps/reference/", "message"),
    "customer": ("/tasks/sell-lamps/customer/", "customer.persona"),
}


def test_a_keystroke_never_loses_focus_or_caret(rich, visit):
    page = visit("/")
    lost = []

    for name, (address, field) in FORMS.items():
        page.goto(address)
        typed = page.locator(f"form[data-autosave] [name='{field}']").first
        typed.evaluate("field => { field.focus(); field.setSelectionRange(1, 1); field.mine = 1; }")
        before = typed.input_value()
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.type("abc")
        page.wait_for_timeout(600)  # what stands around the form is made anew
        page.keyboard.type("def")
        is_same = page.evaluate("document.activeElement.mine === 1")
        shown = typed.input_value()
        if (shown, is_same) != (f"{before[:1]}abcdef{before[1:]}", True):
            lost.append(f"{name}: {shown!r}, the same element {is_same}")

    assert lost == []
