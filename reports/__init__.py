"""What it all means: attribution, rollups, funnel, returns, dashboards. Owns only derived tables."""
