"""The first screen of each head: what they answer for, against the target and last year, and what changed since last week."""

from reports.glance.figures import SCREENS, Glance, glance, screen_of
from reports.glance.week import Week, changes

__all__ = ["SCREENS", "Glance", "Week", "changes", "glance", "screen_of"]
