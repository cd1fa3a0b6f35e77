"""PostgreSQL and Valkey from their wheels, run as our own children on Unix sockets.

Nothing in this package imports Django: the launcher and the test runner use it before settings exist.
"""
