#!/usr/bin/env python
"""Tandem's command line: `manage.py up` runs the whole system on this machine."""

import os
import signal
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["up"]:  # the launcher starts before Django is loaded, and without it
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing runs yet that Ctrl-C would have to end
        from engine.launcher.main import main as up

        sys.exit(up(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
