"""Teams, reps and their absences in the REST API."""
