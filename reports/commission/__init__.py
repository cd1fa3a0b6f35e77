"""The common commission of marketing: a share of what campaigns brought beyond what would have come anyway. Capability 89."""
