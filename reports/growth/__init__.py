"""Opportunities to grow: real figures of what is tried, the form, and how they are shown. Capability 82."""
