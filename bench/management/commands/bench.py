"""`manage.py bench`: speed, each figure beside its limit measured in the same run."""

import os
import platform
import sys
from pathlib import Path

import orjson
from django.core.management.base import BaseCommand

from bench import rooms
from bench.scratch import scratch

LINE = "{:<62} {:>10} {:>10} {:>10} {:>10} {:<7} {:>6}  {}"


class Command(BaseCommand):
    help = "Measure speed on a scratch database: a table, and JSON with --json FILE."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """How large, what of it, and where to."""
        parser.add_argument("--size", choices=rooms.SIZES, default="small")
        parser.add_argument("--only", nargs="+", choices=rooms.ROOMS, default=())
        parser.add_argument("--json", metavar="FILE", default="")

    def handle(self, *args, size, only, json, **options):
        """Measure and print, line by line."""
        told = []
        self.stdout.write(
            f"{size}: {rooms.SIZES[size]:,} leads, {os.cpu_count()} cores, Python {sys.version.split()[0]}, {platform.machine()}"
        )
        self.stdout.write(LINE.format("figure", "ours", "wall", "limit", "wall", "", "ratio", "goal"))
        try:
            with scratch():
                for figure in rooms.measure(size, only):
                    told.append(figure.as_dict())
                    self.stdout.write(_line(figure))
        finally:  # hours of measuring are kept, whatever ends them
            if json:
                Path(json).write_bytes(
                    orjson.dumps({"size": size, "figures": told}, option=orjson.OPT_INDENT_2)
                )


def _line(figure):
    told = (
        "" if one is None else f"{one:,.2f}"
        for one in (figure.ours, figure.wall, figure.limit, figure.limit_wall)
    )
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return LINE.format(figure.name, *told, figure.unit, ratio, figure.goal)
