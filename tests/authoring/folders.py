"""A small task over the mock store, as data and as a folder."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

PROMPT = "Sell dee two lamps and mark the sale as paid."
CRITERIA: list[dict[str, Any]] = [
    {
        "key": "sale-is-paid",
        "text": "The new sale to dee has status paid.",
        "points": "important",
        "check": {
            "kind": "state",
            "entity_type": "sale",
            "created": True,
            "where": [{"path": "buyer", "value": "dee"}],
            "expect": [{"path": "status", "value": "paid"}],
            "match": "one",
        },
    },
    {
        "key": "lamps-left-the-shelf",
        "text": "Eight lamps are left in stock.",
        "check": {
            "kind": "state",
            "entity_type": "item",
            "id": "lamp",
            "expect": [{"path": "inStock", "value": 8}],
        },
    },
]
TASK: dict[str, Any] = {
    "title": "Sell two lamps",
    "category": "multi_step_workflow",
    "difficulty": "easy",
    "mode": "autonomous",
    "system_prompt": "clerk",
    "world": "store@1",
    "reference": [
        {"call": "sell", "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 2}},
        {"call": "updateSale", "arguments": {"sale_id": {"$ref": "1.id"}, "status": "paid"}},
        {"message": "Sold and paid."},
    ],
    "rubric": CRITERIA,
}


def make_task_folder(root: Path, slug: str = "sell-lamps", **changes: Any) -> Path:
    """Write a task's files below a folder; a change of None leaves the field out."""
    data = {**deepcopy(TASK), **changes}
    folder = root / slug
    folder.mkdir(parents=True)
    prompt = data.pop("prompt", PROMPT)
    kept = {name: value for name, value in data.items() if value is not None}
    (folder / "task.yaml").write_text(yaml.safe_dump(kept, sort_keys=False), "utf-8")
    (folder / "prompt.md").write_text(prompt, "utf-8")
    return folder
