"""One scorecard of the chiefs, in one language of figures, and how satisfied each of them is. Capability 70."""
