"""Audiences that live: conditions kept under a name, whoever meets them now, and three ways to look at those people."""
