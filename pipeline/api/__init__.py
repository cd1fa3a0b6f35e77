"""Campaigns, companies and products, and what belongs to them, in the REST API."""
