"""Training on the organisation's closed leads that are ripe: judged on the newest 30 %, then learned anew from all of them."""

from dataclasses import replace

from leads.learning import captured, evaluation, tables
from leads.models import WinModel


def train(at):
    """Train a new version and store it with its card; returns the WinModel. Raises ValueError for too little history.

    What is judged and what is stored are learned in the same way, from the same columns; the stored one also knows the newest leads.
    """
    ripe = captured.ripe(at)
    table = tables.from_records(captured.closed(ripe.until))
    if table.n == 0 or "won" not in table[captured.OUTCOME].texts:
        raise ValueError("Too little history: nothing was won yet.")
    ready = evaluation.prepare(table, captured.OUTCOME, captured.TIME)
    card, fitted = evaluation.judge_and_learn(ready)
    card = replace(card, young=ripe.young, ripe_days=ripe.after.days)
    return WinModel.objects.create(card=card.as_json(), learned=fitted.portable.as_json(), shown=card.shown)
