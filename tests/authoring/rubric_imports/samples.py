"""Rubrics as each format writes them, about an agent that sells lamps."""

import json
from typing import Any

HEALTHBENCH: dict[str, Any] = {
    "prompt_id": "row-7",
    "prompt": [{"role": "user", "content": "My lamp came broken. What now?"}],
    "example_tags": ["theme:returns"],
    "rubrics": [
        {
            "criterion": "Says that the lamp can be sent back within 30 days.",
            "points": 8,
            "tags": ["level:example", "axis:completeness"],
        },
        {
            "criterion": "Promises money back before the lamp has been seen.",
            "points": -6,
            "tags": ["axis:accuracy"],
        },
        {"criterion": "Answers in at most five sentences.", "points": 2.0, "tags": []},
    ],
}
RAR: list[dict[str, Any]] = [
    {
        "title": "Finds the sale",
        "description": "Essential Criteria: Names the sale by its number.",
        "weight": 5,
    },
    {
        "title": "Answer format",
        "description": "Important Criteria: Writes one short paragraph.",
        "weight": 3,
    },
    {
        "title": "Wrong customer",
        "description": "Pitfall Criteria: Changes a sale of somebody else.",
        "weight": -1,
    },
]
PAPERBENCH: dict[str, Any] = {
    "id": "0d3f2a7c-aaaa-4bbb-8ccc-000000000001",
    "requirements": "The study of the shop is reproduced.",
    "weight": 1,
    "sub_tasks": [
        {
            "id": "a",
            "requirements": "The data are prepared.",
            "weight": 1,
            "sub_tasks": [
                {
                    "id": "a1",
                    "requirements": "Sales of 2025 are loaded.",
                    "weight": 2,
                    "sub_tasks": [],
                    "task_category": "Code Development",
                    "finegrained_task_category": "Dataset and Model Acquisition",
                },
                {
                    "id": "a2",
                    "requirements": "Void sales are left out.",
                    "weight": 1,
                    "sub_tasks": [],
                    "task_category": "Code Development",
                    "finegrained_task_category": None,
                },
            ],
        },
        {
            "id": "b",
            "requirements": "The table shows 12 lamps for March.",
            "weight": 3,
            "sub_tasks": [],
            "task_category": "Result Analysis",
            "finegrained_task_category": None,
        },
    ],
}
OWN: list[dict[str, Any]] = [
    {
        "key": "names-the-lamp",
        "text": "The answer names the lamp.",
        "category": "completeness",
        "points": "important",
        "note": "Any spelling.",
        "check": {"kind": "judge", "look_at": ["answer"]},
    },
    {"text": "Voids a sale.", "points": -3},
]
CSV = """text;points;category
"Says what it costs;
with tax.";2;correctness
Stays polite.;;format compliance
Gives a discount.;-2;constraint_satisfaction
"""
TEXTS = {
    "healthbench": json.dumps(HEALTHBENCH),
    "rar": json.dumps(RAR),
    "paperbench": json.dumps(PAPERBENCH),
    "criteria": json.dumps(OWN),
    "csv": CSV,
}


def lines(*values: Any) -> str:
    return "\n".join(json.dumps(value) for value in values) + "\n"
