"""`manage.py up`: the whole system on this machine, started by one command and ended by one signal.

Nothing here imports Django: the launcher is to be quick, small, and deaf to a broken application.
"""
