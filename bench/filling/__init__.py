"""What the bench measures on: a plausible house, and passes made by set-based statements."""

from bench.filling.house import House
from bench.filling.world import World

__all__ = ["House", "World"]
