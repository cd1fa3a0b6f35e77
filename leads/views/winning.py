"""The card of the learned probability: what it is worth, what it looks at, what it leaves out and why."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.doors import requires
from leads.learning import captured, reasons, trust
from leads.models import WinModel

METHODS = {
    "logistic": _("Logistic regression"),
    "boosted": _("Boosted trees: they won by a clear margin on later leads"),
}
KEPT = 12


@requires("leads.view_scoring")
def win_model(request):
    """The newest training with its card, and how the ones before it did."""
    trainings = list(WinModel.objects.defer("learned")[:KEPT])
    newest = trainings[0] if trainings else None
    return render(
        request, "leads/scoring/win_model.html", {"model": newest, "trainings": trainings, **_told(newest)}
    )


def _told(model):
    """The card in words."""
    if model is None:
        return {}
    card = model.card
    return {
        "trust": trust.of(card),
        "card": card,
        "share": card["won"] / card["rows"],
        "method": METHODS[card["method"]],
        "used": [captured.label(one["column"]) for one in card["used"]],
        "left_out": [
            (captured.label(one["column"]), reasons.words(one["why"], one["detail"]))
            for one in card["left_out"]
        ],
        "bins": [{"predicted": predicted, "won": won, "rows": rows} for predicted, won, rows in card["bins"]],
    }
