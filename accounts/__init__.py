"""Who we are: users, teams, roles and what each may do, working calendars, territories."""
