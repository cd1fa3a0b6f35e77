"""Teams and reps in the REST API."""
