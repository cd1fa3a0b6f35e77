"""Training on the organisation's closed leads: judged on the newest 30 %, then learned anew from all of them."""

from leads.learning import captured, evaluation, tables
from leads.models import WinModel


def train():
    """Train a new version and store it with its card; returns the WinModel. Raises ValueError for too little history.

    What is judged and what is stored are learned in the same way, from the same columns; the stored one also knows the newest leads.
    """
    table = tables.from_records(captured.closed())
    if table.n == 0 or "won" not in table[captured.OUTCOME].texts:
        raise ValueError("Too little history: nothing was won yet.")
    ready = evaluation.prepare(table, captured.OUTCOME, captured.TIME)
    card, fitted = evaluation.judge_and_learn(ready)
    return WinModel.objects.create(card=card.as_json(), learned=fitted.portable.as_json(), shown=card.shown)
