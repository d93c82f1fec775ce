"""Worlds and their entity rows, episodes and their steps, uploads, answers, endpoints, agents."""

from simulation.models.agents import AgentConfiguration
from simulation.models.answers import RememberedAnswer
from simulation.models.endpoints import ModelEndpoint
from simulation.models.episodes import Episode, Step, not_held_out
from simulation.models.lanes import Lane
from simulation.models.maintenance import MaintenanceUse
from simulation.models.uploads import Upload
from simulation.models.worlds import Entity, Snapshot, World

__all__ = [
    "AgentConfiguration",
    "Entity",
    "Episode",
    "Lane",
    "MaintenanceUse",
    "ModelEndpoint",
    "RememberedAnswer",
    "Snapshot",
    "Step",
    "Upload",
    "World",
    "not_held_out",
]
