"""Why a column is left out, in words."""

from django.utils.translation import gettext_lazy

WHY = {
    "asked": gettext_lazy("left out as asked"),
    "empty": gettext_lazy("hardly ever filled in (%(filled)s rows)"),
    "one_value": gettext_lazy("the same in every row"),
    "each_own": gettext_lazy("a value of its own in nearly every row (%(distinct)s in %(filled)s)"),
    "only_won": gettext_lazy(
        "filled in almost only for what was won (%(share)s of its rows): known after the outcome"
    ),
    "only_lost": gettext_lazy(
        "filled in almost only for what was lost (%(share)s of its rows): known after the outcome"
    ),
    "filled_tells": gettext_lazy(
        "whether it is filled in gives the outcome away (%(won)s of what was won, %(lost)s of what was lost)"
    ),
    "alone": gettext_lazy("predicts too well alone (AUC %(auc)s): probably known only after the outcome"),
    "when_closed": gettext_lazy("filled in only once the outcome is known"),
    "later": gettext_lazy("a date after “%(time)s”: not known at that time"),
}
SHARES = {"share", "won", "lost"}


def words(why, detail):
    """The sentence for a reason; shares are written in percent, an AUC to three places."""
    told = {
        name: f"{value:.0%}" if name in SHARES else f"{value:.3f}" if name == "auc" else value
        for name, value in detail.items()
    }
    return str(WHY[why]) % told
