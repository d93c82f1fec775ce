from simulation.environments.mock_store.models.store import Item, Sale

__all__ = ["Item", "Sale"]
