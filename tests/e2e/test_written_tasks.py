"""Three tasks of an expert who does not program, written from nothing in the editor alone."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from authoring.content import DraftContent, TaskContent
from authoring.drafts.cutting import complete_content
from authoring.gates import agents_of, problems_of, spec_of, submission_problems, try_agent
from authoring.models import Task
from grading.criteria import Outcome
from simulation.worlds import find_world, generate_world, load_snapshot
from tests.e2e.conftest import axe
from tests.e2e.pen import Pen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
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
FORGOTTEN = "| zuri-sorensen-41673 | Zuri Sorensen |\n"
TABLE = f"""\
| Customer id | Name |
|---|---|
| dafydd-zamora-32367 | Dafydd Zamora |
| eilidh-wilczek-51454 | Eilidh Wilczek |
{FORGOTTEN}
Customers to tell: 3"""

FITTING = (
    ("category", "is", "motherboard"),
    ("specs.motherboard.socket", "is", "LGA1700"),
    ("specs.motherboard.memoryType", "is", "DDR5"),
    ("inventory.inStock", "is above", "0"),
)
WRONG_SOCKET = (
    "Look into ticket @support_ticket:tick-250915-003. If the parts of the order do not fit each"
    " other, hand the ticket over to order processing as a matter of order fulfillment, and write"
    " the customer one e-mail: what does not fit, and which board in stock is the cheapest one that"
    " fits processor and memory. Leave the order as it is."
)
LETTER = (
    "Dear Jamal,\n\nthe Corvane Talon T716 needs the socket LGA1700, the board that you ordered has"
    " AM5: they do not fit. The cheapest board in stock for your processor and your DDR5 memory is"
    " the Ferrowick B760 Plain at $139.00. Nothing is shipped until you tell us what you want."
)
CANCEL = "Hello, Cecily Marini here. Please cancel my order, the one that is not on its way yet."
CECILY = {
    "persona required": "Cecily Marini, in a hurry; short sentences.",
    "goal required": "Her order is cancelled, and somebody told her so.",
    "facts they know": "She ordered a graphics card and a switch.",
    "topic required": "the number of the order",
    "fact required": "ord-250914-001",
    "patience, in messages": "6",
}
NOTES = "Hold ord-250915-001: the Corvane Talon T716 (LGA1700) does not fit its board (AM5)."


@pytest.fixture
def pen(runner, visit):
    """Ruth, who writes tasks about a small company."""
    runner.groups.add(Group.objects.get_or_create(name="author")[0])
    generate_world(
        environment="corecraft", slug="small", title="Small", owner=runner, seed=7, size=SIZE
    )
    return Pen(visit("/"))


def written(pen) -> tuple[DraftContent, TaskContent]:
    """Give the task as it is stored; Problems where it is not complete."""
    content = Task.objects.get(slug=pen.slug).draft.value
    return content, complete_content(content)


def not_met(content, agent) -> list[str]:
    """Give the texts of the criteria that an agent of a dry run does not meet."""
    snapshot = load_snapshot(find_world(content.world))
    spec = next(each for each in agents_of(content) if each.name == agent)
    findings = try_agent(content, spec_of(content), snapshot, spec).findings
    wanted = [each for each in content.rubric.criteria if each.points > 0]
    return [each.text for each in wanted if findings[each.key].outcome != Outcome.MET]


def test_the_recall_list_has_one_criterion_for_each_customer_by_query(pen):
    pen.begin("Customers to tell of a recall", "information retrieval")
    pen.write("prompt", RECALL)
    pen.choose("mode required", "copilot: an employee is helped")

    pen.list_of("order", "customerId", TOLD)
    pen.pattern_while_waiting("The table lists {title} ({id}).")
    pen.press("Add 3 criteria")
    form = pen.criterion("response", "The line “Customers to tell” gives their number, 3.")
    number = pen.part(form, "number")
    with pen.saved():
        number.get_by_label("near").fill("customers to tell")
        number.get_by_label("near").press("Tab")
    pen.bind(number, "value")
    pen.ask("order", "count the rows", TOLD)
    pen.press("Use this")
    pen.done()
    pen.list_of("order", "customerId", (*BOUGHT, ("status", "is", "cancelled")))
    pen.wish("It is met when", "the answer lists it, by id or name")
    pen.wish("Weight", "Harmful (−2)")
    pen.pattern("The table lists {title} ({id}), whose order was cancelled.")
    pen.press("Add 1 criterion")
    pen.call(
        "searchOrders",
        {
            "product id": "aurisonde-cavern-wireless",
            "created after": "2025-08-01",
            "created before": "2025-08-31",
            "limit": "100",
        },
    )
    pen.repeat("searchCustomers", path="1", part="customerId", into="customer id")
    pen.write("Last message", TABLE)
    pen.near_miss("forgets a customer", TABLE.replace(FORGOTTEN, ""))

    draft, content = written(pen)
    assert submission_problems(draft) == problems_of(content) == []
    assert not_met(content, "near-miss 1: forgets a customer") == [
        "The table lists Zuri Sorensen (zuri-sorensen-41673)."
    ]


def test_the_wrong_socket_order_has_its_cheapest_fix_and_an_escalation(pen):
    page = pen.page
    pen.begin("Board and processor do not fit", "multi step workflow")
    pen.copy_order("ord-250821-001")
    pen.add_row(
        "support ticket",
        {
            "customer required": "jamal-laurent-69246",
            "order": "ord-250915-001",
            "ticket type": "order issue",
            "channel": "email",
            "priority required": "normal",
            "status required": "open",
            "subject required": "Will it all fit?",
            "body": "I ordered a processor, a board and memory today. Do they fit each other?",
        },
    )
    pen.open("Prompt")
    pen.write("prompt", WRONG_SOCKET)

    pen.call("getOrderDetails", {"order id required": "ord-250915-001"})
    ordered = [f"$ref 1.order.line_items.{number}.productId" for number in range(3)]
    pen.call("validateBuildCompatibility", {"product ids required": "\n".join(ordered)})
    pen.call("searchProducts", {"motherboard": "yes", "in stock only": "true", "limit": "100"})
    pen.call(
        "validateBuildCompatibility",
        {"product ids required": "\n".join(["$ref 3.3.id", *ordered[1:]])},
    )
    pen.call(
        "createEscalation",
        {
            "escalation type required": "order fulfillment",
            "destination required": "order processing",
            "notes": NOTES,
        },
        taken={"ticket id": "1.tickets.0.id"},
    )
    pen.call(
        "sendCustomerMessage",
        {
            "channel required": "email",
            "subject": "Your order ord-250915-001",
            "body required": LETTER,
        },
        taken={"customer id": "1.order.customer_id", "ticket id": "1.tickets.0.id"},
    )
    pen.write("Last message", "They do not fit. Order processing and the customer know.")

    pen.open("Rubric")
    for change in (
        "There is exactly one escalation more",
        "The escalation type of the new escalation",
        "The destination of the new escalation",
        "There is exactly one customer message more",
    ):
        pen.take_change(change)
    page.get_by_role("button", name="Add: nothing else is changed").first.click()
    card = page.get_by_role("listitem", name="Criterion 5")
    expect(card).to_contain_text("at most 1 new customer message and at most 1 new escalation")
    form = pen.criterion("response", "The e-mail names the Ferrowick B760 Plain, the cheapest fit.")
    pen.read_from(form, "customer message", "body")
    assert axe(page) == []
    entity = pen.part(form, "entity")
    with pen.saved():
        entity.get_by_label("entity type required", exact=True).select_option(label="product")
    pen.bind(entity, "id")
    pen.ask("product", "lowest", FITTING, Of="price", Give_not_that_value="id")
    expect(page.get_by_role("status").filter(has_text="ferrowick-b760-plain")).to_be_visible()
    pen.press("Use this")
    pen.done()
    pen.near_miss("only talks", "Take the Ferrowick B760 Plain.", begin="no steps")

    draft, content = written(pen)
    assert submission_problems(draft) == problems_of(content) == []
    assert [each["entity_type"] for each in content.setup] == ["order", "payment", "support_ticket"]
    assert content.setup[1]["fields"]["amount"] == 558.24  # computed: board, processor, memory
    assert not_met(content, "reference") == []
    assert len(not_met(content, "near-miss 1: only talks")) == 5


def test_a_conversation_withholds_a_fact_that_the_prompt_must_not_tell(pen):
    page = pen.page
    pen.begin("Cancel one of two accounts' orders", "communication")
    pen.choose("mode required", "conversation: a customer is talked to")
    pen.open("Customer")
    for label, text in CECILY.items():
        pen.write(label, text)

    pen.open("Prompt")
    pen.write("prompt", f"{CANCEL} It is ord-250914-001.")
    pen.open("Customer")
    notice = page.get_by_text("“ord-250914-001” is to be asked for.")
    expect(notice).to_be_visible()
    pen.open("Prompt")
    pen.write("prompt", CANCEL)
    pen.open("Customer")
    expect(notice).to_have_count(0)
    pen.open("Agent view")
    expect(page.get_by_role("article", name="user").get_by_text(CANCEL).first).to_be_visible()
    expect(page.get_by_text("ord-250914-001")).to_have_count(0)

    pen.call(
        "updateOrderStatus",
        {"order id required": "ord-250914-001", "status required": "cancelled"},
    )
    pen.write("Last message", "Your order ord-250914-001 is cancelled, Ms. Marini.")
    pen.open("Rubric")
    pen.take_change("The status of order ord-250914-001")
    page.get_by_role("button", name="Add: nothing else is changed").first.click()
    form = pen.criterion("judge", "A customer in a hurry knows after one reading what was done.")
    with pen.saved():
        form.get_by_label("question").fill(
            "Would a customer in a hurry know after one reading that the order is cancelled?"
        )
        form.get_by_label("question").press("Tab")
    pen.done()

    draft, content = written(pen)
    assert submission_problems(draft) == []
    assert content.customer["facts_withheld"] == [
        {"topic": "the number of the order", "fact": "ord-250914-001"}
    ]
    assert [each.check["kind"] for each in content.rubric.criteria] == [
        "state",
        "unchanged",
        "judge",
    ]
