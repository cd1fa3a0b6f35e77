"""Passwords of tests are hashed in a moment; a test holds the settings to the real thing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasty(Argon2PasswordHasher):
    """Argon2 at the least that it can be asked for."""

    time_cost = parallelism = 1
    memory_cost = 8
