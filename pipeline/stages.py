"""The funnel as data: stages, the track responsible for each, and the moves allowed between them.

Buttons, form choices, the API's `next_stages`, the database's table of moves and the README's diagram derive from
this. A gate names what must hold before a move; `leads.funnel` asks it.
"""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Track


class Stage(models.TextChoices):
    NEW = "new", _("New")
    MQL = "mql", _("MQL")
    READY = "ready", _("Ready")
    SQL = "sql", _("SQL")
    DEAL = "deal", _("Deal")
    WON = "won", _("Won")
    NURTURE = "nurture", _("Nurture")
    DISQUALIFIED = "disqualified", _("Disqualified")


class Gate(models.TextChoices):
    """What must hold before a move, in words; the functions stand in `leads.gates`."""

    NONE = "none", _("always")
    REASON = "reason", _("a reason is given")
    AGREEMENT = "agreement", _("the agreement is met, or somebody says why not")
    READY = "ready", _("the agreed questions are answered and the grade is set")
    ACCEPT = "accept", _("a rep accepts, or found the lead")
    DEAL = "deal", _("a deal is opened")
    WIN = "win", _("the deal is won")


class Move(NamedTuple):
    """One allowed move and its gate."""

    source: str
    target: str
    gate: Gate


START = "-"
FUNNEL = (Stage.NEW, Stage.MQL, Stage.READY, Stage.SQL, Stage.DEAL, Stage.WON)
SIDE = (Stage.NURTURE, Stage.DISQUALIFIED)
ENDED = (Stage.WON, Stage.DISQUALIFIED)

# The stages from which on sales may be responsible, as the agreement says; RESPONSIBLE is how it comes.
BOUNDARIES = (Stage.MQL, Stage.READY, Stage.SQL)
RESPONSIBLE = {
    Stage.NEW: Track.MARKETING,
    Stage.MQL: Track.MARKETING,
    Stage.READY: Track.MARKETING,
    Stage.SQL: Track.SALES,
    Stage.DEAL: Track.SALES,
    Stage.WON: Track.SALES,
    Stage.NURTURE: Track.MARKETING,
    Stage.DISQUALIFIED: Track.MARKETING,
}


def responsible(sales_from):
    """{stage: the track responsible for it} where sales is from the stage `sales_from` on; what is asleep or set aside is marketing's."""
    return RESPONSIBLE | dict.fromkeys(FUNNEL[FUNNEL.index(sales_from) :], Track.SALES)


MEANS = {
    Stage.NEW: _("Somebody left a trace or was brought in; nobody has judged it yet."),
    Stage.MQL: _("It meets the agreement, or raised a hand: marketing vouches for it."),
    Stage.READY: _("The agreed questions are answered and the grade is set: sales may be offered it."),
    Stage.SQL: _("A rep has accepted it, or found it, and works on it."),
    Stage.DEAL: _("Money is talked about: a deal is open."),
    Stage.WON: _("The deal is signed."),
    Stage.NURTURE: _("Not now: it sleeps until its day, or until the person comes back."),
    Stage.DISQUALIFIED: _("Nothing will come of it, and why is told: it is out of the funnel."),
}

MOVES = (
    Move(START, Stage.NEW, Gate.NONE),
    Move(Stage.NEW, Stage.MQL, Gate.AGREEMENT),
    Move(Stage.NEW, Stage.SQL, Gate.ACCEPT),
    Move(Stage.NEW, Stage.NURTURE, Gate.REASON),
    Move(Stage.NEW, Stage.DISQUALIFIED, Gate.REASON),
    Move(Stage.MQL, Stage.READY, Gate.READY),
    Move(Stage.MQL, Stage.NURTURE, Gate.REASON),
    Move(Stage.MQL, Stage.DISQUALIFIED, Gate.REASON),
    Move(Stage.READY, Stage.SQL, Gate.ACCEPT),
    Move(Stage.READY, Stage.MQL, Gate.REASON),
    Move(Stage.READY, Stage.NURTURE, Gate.REASON),
    Move(Stage.READY, Stage.DISQUALIFIED, Gate.REASON),
    Move(Stage.SQL, Stage.DEAL, Gate.DEAL),
    Move(Stage.SQL, Stage.READY, Gate.REASON),
    Move(Stage.SQL, Stage.MQL, Gate.REASON),
    Move(Stage.SQL, Stage.NURTURE, Gate.REASON),
    Move(Stage.SQL, Stage.DISQUALIFIED, Gate.REASON),
    Move(Stage.DEAL, Stage.WON, Gate.WIN),
    Move(Stage.DEAL, Stage.SQL, Gate.REASON),
    Move(Stage.DEAL, Stage.NURTURE, Gate.REASON),
    Move(Stage.WON, Stage.DEAL, Gate.DEAL),
    Move(Stage.NURTURE, Stage.MQL, Gate.AGREEMENT),
    Move(Stage.NURTURE, Stage.SQL, Gate.ACCEPT),
    Move(Stage.NURTURE, Stage.DISQUALIFIED, Gate.REASON),
    Move(Stage.DISQUALIFIED, Stage.NEW, Gate.REASON),
)

GATES = {(move.source, move.target): move.gate for move in MOVES}


def next_stages(stage):
    """The stages that `stage` may move to, in funnel order."""
    return tuple(Stage(move.target) for move in MOVES if move.source == stage)


def path(source, target):
    """The chain of stages by which history reaches `target` from `source`, `target` included.

    Along the funnel where it can; a side stage is reached from wherever the lead stands. Raises ValueError where no
    chain exists.
    """
    if (source, target) in GATES:
        return (Stage(target),)
    if source in (START, Stage.DISQUALIFIED):
        return (Stage.NEW, *path(Stage.NEW, target))
    if target in FUNNEL and source in FUNNEL and FUNNEL.index(source) < FUNNEL.index(target):
        return FUNNEL[FUNNEL.index(source) + 1 : FUNNEL.index(target) + 1]
    if target in FUNNEL and source == Stage.NURTURE:
        return (Stage.MQL, *path(Stage.MQL, target)) if target != Stage.MQL else (Stage.MQL,)
    raise ValueError(f"No way from {source} to {target}.")
