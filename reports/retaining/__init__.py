"""Programmes for existing customers: their goal, what they kept, and what would have been kept without them. Capability 80."""
