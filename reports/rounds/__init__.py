"""Rounds of targets: what is expected of a fiscal year, proposed by one side and agreed by all. Capability 68."""
