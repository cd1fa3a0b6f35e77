"""What was kept as JSON at a close, written as figures are written today, whatever the release that kept it."""

import re
from decimal import Decimal

from reports.api.reports import number

NUMBER = re.compile(r"-?\d+(\.\d+)?(E[+-]?\d+)?", re.IGNORECASE)
NAMES = ("name", "kind", "segment")  # words, even where they look like numbers


def written(kept):
    """The same JSON, its numbers in text as `number` has them; in a list of lists the last one counts, names stand before it."""
    if isinstance(kept, dict):
        return {name: value if name in NAMES else written(value) for name, value in kept.items()}
    if isinstance(kept, list):
        return [
            [*one[:-1], written(one[-1])] if isinstance(one, list) and one else written(one) for one in kept
        ]
    return number(Decimal(kept)) if isinstance(kept, str) and NUMBER.fullmatch(kept) else kept
