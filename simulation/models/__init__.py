"""Worlds and their entity rows, episodes and their steps, uploads, answers, models' endpoints."""

from simulation.models.answers import RememberedAnswer
from simulation.models.endpoints import ModelEndpoint
from simulation.models.episodes import Episode, Step, not_held_out
from simulation.models.maintenance import MaintenanceUse
from simulation.models.uploads import Upload
from simulation.models.worlds import Entity, Snapshot, World

__all__ = [
    "Entity",
    "Episode",
    "MaintenanceUse",
    "ModelEndpoint",
    "RememberedAnswer",
    "Snapshot",
    "Step",
    "Upload",
    "World",
    "not_held_out",
]
