"""Closed months: what was official, and what has changed since."""
