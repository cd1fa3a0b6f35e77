"""What was asked for, by options and by the environment."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from engine.embedded.failure import Failure

CHECKOUT = Path(__file__).resolve().parents[2]
DEMOS = ("en", "zh", "ru", "none")


@dataclass(frozen=True)
class Wishes:
    """`port` 0 means the first free one from 8000 on."""

    data: Path
    host: str
    port: int
    demo: str
    database: str
    broker: str
    ends_with_parent: bool


def read(argv) -> Wishes:
    """Options first, then PORT, HOST, TANDEM_DATA, DEMO, DATABASE_URL and REDIS_URL. Raises Failure."""
    parser = argparse.ArgumentParser(
        prog="manage.py up",
        description="Run the whole system on this machine: database, broker, web, worker, beat and sweeper.",
    )
    parser.add_argument(
        "--data", default=os.environ.get("TANDEM_DATA") or str(CHECKOUT / "var"), help="TANDEM_DATA"
    )
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="HOST (127.0.0.1)")
    parser.add_argument(
        "--port", default=os.environ.get("PORT") or "0", help="PORT (the first free one from 8000)"
    )
    parser.add_argument("--demo", default=os.environ.get("DEMO") or "en", help="DEMO: en, zh, ru or none")
    parser.add_argument(
        "--ends-with-parent", action="store_true", help="stop when the process that started it ends"
    )
    options = parser.parse_args(argv)
    if not options.port.isdigit() or int(options.port) > 65535:
        raise Failure(f"PORT must be a number up to 65535, not {options.port!r}")
    if options.demo not in DEMOS:
        raise Failure(f"DEMO must be one of {', '.join(DEMOS)}, not {options.demo!r}")
    return Wishes(
        data=Path(options.data).resolve(),
        host=options.host,
        port=int(options.port),
        demo=options.demo,
        database=os.environ.get("DATABASE_URL", ""),
        broker=os.environ.get("REDIS_URL", ""),
        ends_with_parent=options.ends_with_parent,
    )
