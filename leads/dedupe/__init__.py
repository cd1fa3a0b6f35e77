"""Deduplication: what is new or renamed is compared with what an index says may be the same; never all pairs."""

from leads.dedupe.compare import compare_due
from leads.dedupe.numbers import read_due
from leads.dedupe.worklist import dismiss, merge_pairs

__all__ = ["compare_due", "dismiss", "merge_pairs", "read_due"]
