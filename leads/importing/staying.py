"""What stays of an import that was taken back, each with the reason: kept by the run as facts, said to every reader in the own language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# SQL, true for a deal `t` of which something was cancelled.
CANCELLED = "EXISTS (SELECT 1 FROM pipeline_deal c WHERE c.cancels_id = t.id)"
# Why it stays, by the word that is kept.
REASONS = {
    "worked": gettext_noop("%(name)s: worked on since"),
    "cancelled": gettext_noop("%(name)s stays as it was won: something of it is cancelled"),
    "changed": gettext_noop("%(name)s keeps what was changed of it since"),
    "moved": gettext_noop("%(name)s keeps its stage: it was moved or offered since"),
    "deal": gettext_noop("%(name)s keeps its stage: its deal stays"),
    "said": "%(name)s",  # of runs taken back before facts were kept: the sentence of then
    "raised": gettext_noop("%(name)s keeps the raised hand: it went on since"),
}


@dataclass(frozen=True)
class Stays:
    """A row that stays: the name of its table in the ledger, its id, what it is called, and a word of REASONS."""

    table: str
    id: int
    name: str
    because: str

    def __str__(self):
        return _(REASONS[self.because]) % {"name": self.name}


def of_run(run):
    """What Stays of a run that was taken back, as it was named then; not more than the first few."""
    return [Stays(**one) for one in run.counts.get("kept") or ()]
