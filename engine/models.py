"""What the engine keeps: job runs and deliveries."""
