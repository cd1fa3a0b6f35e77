"""Long-term goals of markets beside short-term targets. Capabilities 65 and 71."""
