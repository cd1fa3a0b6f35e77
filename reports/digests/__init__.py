"""The weekly digest: the same figures as the pages, by mail, once a week to everybody who wants it."""

from reports.digests.sending import send_due
from reports.digests.telling import Digest, digest

__all__ = ["Digest", "digest", "send_due"]
