"""Merging: two records of one person or one company become one, nothing is lost, and it can be undone."""

from leads.merging.merge import MergeRefused, NoSuchRecord, merge_companies, merge_contacts
from leads.merging.undo import undo
from leads.merging.values import CHOOSABLE, pairs

__all__ = ["CHOOSABLE", "MergeRefused", "NoSuchRecord", "merge_companies", "merge_contacts", "pairs", "undo"]
