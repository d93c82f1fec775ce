"""Worlds and their entity rows, episodes and their steps, uploads."""

from simulation.models.episodes import Episode, Step
from simulation.models.maintenance import MaintenanceUse
from simulation.models.uploads import Upload
from simulation.models.worlds import Entity, Snapshot, World

__all__ = ["Entity", "Episode", "MaintenanceUse", "Snapshot", "Step", "Upload", "World"]
