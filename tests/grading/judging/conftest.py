import pytest

from grading.judging import deciding
from tests.grading.judging.judges import quick_client


@pytest.fixture
def no_waits(monkeypatch):
    """Let the waits between the tries of a model's server take no time."""
    monkeypatch.setattr(deciding, "client_for", quick_client)
