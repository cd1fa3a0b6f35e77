"""Closing and re-opening a month: at once where little counts in it, else as an errand, so that no page waits for it."""

from datetime import date

from django.utils import timezone
from django.utils.translation import override

from accounts import organisation
from accounts.models import User
from engine import errands
from pipeline import months as books
from pipeline.models import Spend
from reports.months import closing, official
from reports.months.figures import choice_of

KIND = "month"
AT_ONCE = 20_000  # items that a page waits for


def close(month, by, at):
    """Close a month, or have it closed. Returns whether it is done already. Raises closing.Refused."""
    closing.check(month, at)
    found = official.books(choice_of(month, closing.model_of(month), at)).months
    if sum(worth.n for one in found for worth in one.live.values()) <= AT_ONCE:
        closing.close(month, by, at)
        return True
    return _ask(month, by, {"do": "close"})


def reopen(month, by, reason, at):
    """Re-open a month, or have it re-opened. Returns whether it is done already. Raises closing.Refused."""
    closing.check_reopening(month, reason)
    if Spend.objects.filter(booked=books.after(month), month__lte=month).count() <= AT_ONCE:
        closing.reopen(month, by, reason, at)
        return True
    return _ask(month, by, {"do": "reopen", "reason": reason})


def waiting(month):
    """The newest errand about a month, None where there is none."""
    return errands.latest(KIND, f"{month:%Y-%m}")


def carry_out(payload, actor):
    """Do what was asked. Raises errands.Refused."""
    month, by, at = date.fromisoformat(payload["month"]), User.objects.get(pk=actor), timezone.now()
    with override(organisation.language_of(by)):
        try:
            if payload["do"] == "close":
                closing.close(month, by, at)
            else:
                closing.reopen(month, by, payload["reason"], at)
        except closing.Refused as refused:
            raise errands.Refused(str(refused)) from None


def _ask(month, by, what):
    errands.ask(KIND, f"{month:%Y-%m}", {"month": month.isoformat(), **what}, by.pk)
    return False
