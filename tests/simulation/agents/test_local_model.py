"""A real small model at work in a world: that it calls tools and nothing is lost, not that it is wise.
"""

import json

import pytest

from simulation import episodes
from simulation.replay import rebuild_hash
from simulation.runner import run_episode
from simulation.stops import GRADED
from tests.factories import chatting, make_endpoint, make_episode
from tests.local_model import MODEL, local_model, what_is_missing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.local_model,
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]
