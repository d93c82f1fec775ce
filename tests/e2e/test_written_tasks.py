"""Three tasks of an expert who does not program, written from nothing in the editor alone."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from authoring.drafts.cutting import complete_content
from authoring.gates import submission_problems
from authoring.models import Task
from simulation.worlds import generate_world
from tests.e2e.pen import Pen

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 0.05  # a twentieth of the shipped business
BOUGHT = (
    ("lineItems.productId", "is", "aurisonde-cavern-wireless"),
    ("createdAt", "is between", ("2025-08-01", "2025-08-31")),
)
TOLD = (*BOUGHT, ("status", "is not", "cancelled"))
RECALL = (
    "Tomorrow we announce a recall of the Aurisonde Cavern Wireless. I need the customers who"
    " ordered it from August 1 to August 31, 2025 (UTC) and whose order was not cancelled, as a"
    " table with customer id and name, each of them once. Put nobody else into the table. Close"
    " with the line “Customers to tell: …” and the number."
)
TABLE = """\
| Customer id | Name |
|---|---|
| dafydd-zamora-32367 | Dafydd Zamora |
| eilidh-wilczek-51454 | Eilidh Wilczek |
| zuri-sorensen-41673 | Zuri Sorensen |

Customers to tell: 3"""


@pytest.fixture
def pen(runner, visit):
    """Ruth, who writes tasks about a small company."""
    runner.groups.add(Group.objects.get(name="author"))
    generate_world(
        environment="corecraft", slug="small", title="Small", owner=runner, seed=7, size=SIZE
    )
    return Pen(visit("/"))


def written(pen):
    """Give the task as it is stored, which must be complete."""
    return complete_content(Task.objects.get(slug=pen.slug))


def test_the_recall_list_has_one_criterion_for_each_customer_by_query(pen):
    page = pen.page
    pen.begin("Customers to tell of a recall", "information retrieval")
    pen.write("prompt", RECALL)
    pen.choose("mode required", "copilot: an employee is helped")

    pen.open("Rubric")
    pen.follow("One criterion for each row of a list")
    pen.ask("order", "list", TOLD, List_of="customerId")
    pen.asked(
        lambda: page.get_by_label("It is met when").select_option(
            label="the answer lists it, by id or name"
        )
    )
    pen._leave(page.get_by_label("Text", exact=True), "The table lists {title} ({id}).")
    pen.press("Add 3 criteria")

    expect(page.get_by_role("heading", name="The table lists Zuri Sorensen")).to_be_visible()
