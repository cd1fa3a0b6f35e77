"""What selling costs, and where money of marketing and sales together earns most. Capability 81."""
