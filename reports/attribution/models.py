"""The models that credit the funnel's own won deals."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.attribution.positions import U, W, Z


@dataclass(frozen=True)
class Model:
    """A model of attribution.

    `weight` is SQL over a touch of a path: a number not below 0, 0 for no credit. It may use the place `i` (from 1) of
    `n` touches, `lead_i` and `deal_i` (the places of the touches that created lead and deal; lead_i null where there
    was no lead), `age` in days before the last touch, `same` (touches of its channel on the path), `removal` (the
    channel's learned removal effect, 1 for all where nothing is learned of any of them) and `half_life`.
    `parts` is SQL of how many touches have a weight, where all of these have the same, 1; "" where they may differ.
    `whole` tells that the weights are whole numbers that, summed over a path, are far from filling 32 bits.
    """

    name: str
    label: Promise
    about: Promise
    weight: str
    level: int = 3
    parts: str = ""
    whole: bool = False


def _keyed(places, weights):
    """SQL of reports.attribution.positions.keyed; places count from 1."""
    key = " + ".join(f"{weight} * (i = {place})::int" for place, weight in zip(places, weights, strict=False))
    distinct = " + ".join(
        f"({place} <> ALL (ARRAY[{', '.join(places[:at])}]))::int" for at, place in enumerate(places) if at
    )
    is_key = f"i = ANY (ARRAY[{', '.join(places)}])"
    return f"CASE WHEN {is_key} THEN ({key}) * greatest(n - 1 - ({distinct}), 1) ELSE {weights[-1]} END"


ALL = (
    Model("first", _("First touch"), _("All to the first touch."), "(i = 1)::int", 1, "1"),
    Model("last", _("Last touch"), _("All to the last touch."), "(i = n)::int", 1, "1"),
    Model("linear", _("Linear"), _("The same to each touch."), "1", 1, "n"),
    Model(
        "u",
        _("U-shaped"),
        _("40 % to the first touch, 40 % to the one that created the lead, 20 % shared by the rest."),
        _keyed(("1", "coalesce(lead_i, n)"), U),
        whole=True,
    ),
    Model(
        "w",
        _("W-shaped"),
        _("30 % each to the first touch and to those that created lead and deal, 10 % shared by the rest."),
        _keyed(("1", "coalesce(lead_i, (n + 1) / 2)", "deal_i"), W),
        whole=True,
    ),
    Model(
        "z",
        _("Z-shaped"),
        _("22.5 % each to the first touch, lead, deal and close, 10 % shared by the rest."),
        _keyed(("1", "coalesce(lead_i, (n - 1) / 3 + 1)", "deal_i", "n"), Z),
        whole=True,
    ),
    Model(
        "decay",
        _("Time decay"),
        _("The later a touch, the more: half as much for each half-life before the last one."),
        # Whole, the last touch 2^50: PostgreSQL makes a fraction of floating point exact by writing it out and reading it.
        "power(2::float8, greatest(50 - age / half_life, 0))::bigint",
    ),
    Model(
        "shapley",
        _("Shapley"),
        _(
            "Each channel on the path the same, shared by its touches: the Shapley value of the channels, exactly."
        ),
        "div(1000000000000, same)",
    ),
    Model(
        "markov",
        _("Markov"),
        _(
            "By removal effect: how many wins would be missing if a channel led nowhere, learned every night from all "
            "closed deals, lost ones included."
        ),
        "div(1000000000000 * removal, same)",
    ),
)
MODELS = {model.name: model for model in ALL}
DEFAULT = "linear"


def model_named(name):
    """The model called `name`, the default one where there is none such."""
    return MODELS.get(name, MODELS[DEFAULT])


def shown(level, *chosen):
    """The models that an organisation of this level compares, {name: Model}; those chosen by name are always among them."""
    return {name: model for name, model in MODELS.items() if model.level <= level or name in chosen}
