"""Pages of the spine, by what they are about."""
