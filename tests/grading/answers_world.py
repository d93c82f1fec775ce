"""The small world of CoreCraft with customers whose names are nearly each other's."""

from functools import cache

from simulation.snapshots import Snapshot
from tests.simulation.corecraft import worlds


@cache
def answers_world() -> Snapshot:
    customers = {
        "ana-lima-20001": worlds.make_customer("Ana Lima", email="ana.lima@mail.example"),
        "ana-li-20002": worlds.make_customer("Ana Li", email="ana.li@mail.example"),
        "bo-chen-20003": worlds.make_customer("Bo Chen", email="bo@mail.example"),
        "cy-young-20004": worlds.make_customer("Cy Young", email="cy@mail.example"),
    }
    return worlds.snapshot_with(customer={**worlds.CUSTOMERS, **customers})
