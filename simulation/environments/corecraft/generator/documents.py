"""Policies, articles and tiers, from the pages in data."""

from collections.abc import Iterator
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.values import write_instant

Rows = dict[str, dict[str, Any]]
_MARKS = {"deprecated": "deprecated_article", "only_by_product": "found_by_product_only"}


def policies() -> Rows:
    return {page.name: _policy(page) for page in texts.pages("policies")}


def articles() -> Rows:
    return {page.name: _article(page) for page in texts.pages("articles")}


def tiers() -> Rows:
    return {
        name: row
        | {
            "discountRate": float(row["discountRate"]),
            "minimumYearlySpend": float(row["minimumYearlySpend"]),
            "benefits": list(row["benefits"]),
        }
        for name, row in texts.table("tiers.toml").items()
    }


def notes() -> Iterator[tuple[str, str, str]]:
    """List the superseded policies and the articles that are deprecated or hard to find."""
    for page in texts.pages("policies"):
        if "supersededBy" in page.head:
            yield "company_policy", page.name, "superseded_policy"
    for page in texts.pages("articles"):
        for mark, noise in _MARKS.items():
            if page.head.get(mark):
                yield "knowledge_base_article", page.name, noise


def _policy(page: texts.Page) -> dict[str, Any]:
    row = {
        "title": page.head["title"],
        "section": page.head["section"],
        "body": page.body,
        "effectiveFrom": page.head["effectiveFrom"].isoformat(),
    }
    if "supersededBy" in page.head:
        row["supersededById"] = page.head["supersededBy"]
    return row


def _article(page: texts.Page) -> dict[str, Any]:
    return {
        "title": page.head["title"],
        "body": page.body,
        "tags": page.head["tags"],
        "productsMentioned": page.head["products"],
        "version": page.head["version"],
        "isDeprecated": page.head.get("deprecated", False),
        "createdAt": write_instant(page.head["created"]),
        "updatedAt": write_instant(page.head["updated"]),
    }
