"""The company's own builds: those behind prebuilts and workstations, test benches, trials."""

from functools import cache

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import catalogue
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.numbering import number
from simulation.environments.corecraft.generator.records import Build


@cache
def base_builds() -> dict[str, Build]:
    """Give the build behind every machine, by product; all are older than the first order."""
    products = catalogue()
    made = {
        row["product"]: Build(
            products.parts_of(products.get(row["product"])),
            row["created"],
            row["created"],
            row["name"],
        )
        for row in texts.table("builds.toml")["machine"]
    }
    number(list(made.values()), "build")
    return made


def plan_company_builds(draft: Draft) -> None:
    draft.builds += base_builds().values()
    for row in texts.table("builds.toml")["trial"]:
        parts = [draft.catalogue.get(part) for part in row["parts"]]
        changed = row.get("updated", row["created"])
        draft.builds.append(Build(parts, row["created"], changed, row["name"]))
