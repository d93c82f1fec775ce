from django.apps import AppConfig


class MockStoreConfig(AppConfig):
    name = "simulation.environments.mock_store"
    label = "mock_store"
    verbose_name = "Mock store"
