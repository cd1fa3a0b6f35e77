"""manage.py attribute: any model of attribution on a table of paths."""

import json
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from reports.attribution import markov, paths, tables

SHOWN = "\n".join(f"  {name:<13}{about}" for name, about in tables.ABOUT.items())


class Command(BaseCommand):
    help = (
        "What each channel earned of the conversions in a table of paths (columns path, conversions, value, nulls; "
        "a path is written `a > b > c`; comma, semicolon or tab).\n\nModels:\n" + SHOWN
    )
    requires_system_checks = []

    def create_parser(self, *args, **options):
        """Keep the list of models as it is written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser):
        parser.add_argument("file", help="the table, in UTF-8")
        parser.add_argument(
            "--model",
            type=_model,
            metavar="MODEL",
            required=True,
            help=f"one of {', '.join(tables.MODELS)}; common names too",
        )
        parser.add_argument(
            "--order", type=int, choices=markov.ORDERS, default=1, help="how far a Markov chain looks back"
        )
        parser.add_argument("--half-life", type=float, default=7.0, help="of time decay, in days")
        parser.add_argument("--samples", type=int, default=20_000, help="orders drawn above 12 channels")
        parser.add_argument("--seed", type=int, default=1, help="of what is drawn")
        parser.add_argument(
            "--by", choices=["conversions", "value"], default="conversions", help="what is shared out"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, **options):
        """One line per channel: its name and its credit."""
        if not (options["half_life"] > 0 and options["samples"] > 1):
            raise CommandError("A half-life is longer than nothing, and more than one order is drawn.")
        settings = tables.Settings(*(options[name] for name in ("order", "half_life", "samples", "seed")))
        try:
            earned = tables.attribute(_paths(options["file"], options["by"]), options["model"], settings)
        except OSError as error:
            raise CommandError(f"“{options['file']}” cannot be read: {error.strerror}.") from None
        except paths.BadTable as error:
            raise CommandError(str(error)) from None
        if others := paths.unknown(options["file"]):
            self.stderr.write(
                f"Each row counts as one conversion: none of the columns {', '.join(others)} is named conversions, value or nulls."
            )
        if options["format"] == "json":
            self.stdout.write(
                json.dumps({"model": options["model"], "channels": [_told(one) for one in earned]}, indent=2)
            )
            return
        for one in earned:
            self.stdout.write(f"{one.channel}\t{getattr(one, options['by']):.10f}")


def _paths(file, by):
    """The paths of the table. Raises BadTable also where there is none, or nothing that could be shared out `by` value."""
    found = paths.read(file)
    if not found:
        raise paths.BadTable("The table has no paths below its first line.")
    if by == "value" and not any(path.value for path in found):
        raise paths.BadTable("The table has no values: its column is named value, or leave --by value out.")
    return found


def _model(text):
    """The model of an argument."""
    try:
        return tables.model_named(text)
    except ValueError:
        names = ", ".join(tables.MODELS)
        raise ArgumentTypeError(f"there is no model {text!r}; there are {names}") from None


def _told(one):
    """An Earned as JSON has it; `credit` is its share of the conversions."""
    facts = asdict(one)
    return {
        "channel": facts.pop("channel"),
        "credit": facts.pop("conversions"),
        **{name: value for name, value in facts.items() if value is not None},
    }
