"""What people of the generated company write reads like people."""

import re
from collections import Counter
from importlib import resources

from .generated import (
    ROWS,
    Row,
    noted,
)

SYMPTOMS = (
    "black screen|no picture|not start|won't|crash|flicker|whistl|whine|buzz|noise|loud|slow|bubbl|"
    "disappear|not found|not detected|double|crackl|silent on|burn|hot"
)


def led_to(ticket: Row) -> set[str]:
    """Find the customers that the words of a ticket lead to."""
    body, people, found = ticket["body"], ROWS["customer"], set()
    found |= {o["customerId"] for key, o in ROWS["order"].items() if key in body}
    found |= {key for key, person in people.items() if person["email"] in body}
    for shipment in ROWS["shipment"].values():
        if shipment["trackingNumber"] in body:
            found.add(ROWS["order"][shipment["orderId"]]["customerId"])
    for key, person in people.items():
        cities = {address["city"] for address in person["addresses"]}
        if person["name"] in body and any(
            f"in {c}" in body or f"from {c}," in body for c in cities
        ):
            found.add(key)
    return found


def test_the_prose_leads_to_one_other_customer() -> None:
    for key in noted("writer_only_in_prose"):
        ticket = ROWS["support_ticket"][key]
        assert "orderId" not in ticket
        assert len(led_to(ticket) - {ticket["customerId"]}) == 1, ticket["body"]


def test_no_two_tickets_read_the_same() -> None:
    bodies = Counter(ticket["body"] for ticket in ROWS["support_ticket"].values())
    openings = Counter(map(opening, bodies))
    assert max(bodies.values()) == 1
    assert openings.most_common(1)[0][1] <= 6
    assert not re.search(r"[{}<>]", "".join(bodies))


def opening(body: str) -> str:
    """Give the first sentence after the greeting."""
    text = re.sub(r"\A[^\n]{0,30}(,|there\?|hi|hey|Hi!|day)\n+", "", body)
    return re.split(r"(?<=[.?!])\s", text)[0]


def test_articles_and_policies_are_pages_of_useful_length() -> None:
    for kind in ("knowledge_base_article", "company_policy"):
        for key, row in ROWS[kind].items():
            assert 75 <= len(row["body"].split()) <= 260, key


def test_some_articles_are_found_by_product_but_not_by_symptom() -> None:
    for key in noted("found_by_product_only"):
        article = ROWS["knowledge_base_article"][key]
        assert article["productsMentioned"]
        assert not re.search(SYMPTOMS, (article["title"] + article["body"]).lower()), key


def test_prompts_ask_for_clock_agent_and_policy() -> None:
    folder = resources.files("simulation.environments.corecraft")
    words = len(folder.joinpath("policy.md").read_text("utf-8").split())
    assert 600 <= words <= 1100
    for name in ("support_agent", "copilot"):
        text = folder.joinpath("prompts", f"{name}.md").read_text("utf-8")
        assert all(slot in text for slot in ("{{now}}", "{{agent}}", "\n{{policy}}\n"))
