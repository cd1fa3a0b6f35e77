"""Passes down the funnel: leads, touches, importing, scoring, agreement, handoffs, assignment, pool."""
