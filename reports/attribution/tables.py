"""Any model on a table of paths: what each channel earned of its conversions and of their value."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.attribution import markov, positions, shapley

NOBODY = "(unattributed)"  # conversions of empty paths


@dataclass(frozen=True)
class Settings:
    """What a model may be told: how far a chain looks back, how fast memory fades, how many orders are drawn."""

    order: int = 1
    half_life: float = positions.HALF_LIFE
    samples: int = shapley.SAMPLES
    seed: int = 1


@dataclass(frozen=True)
class Earned:
    """One channel's credit. `removal`: its removal effect (Markov); `error`: the standard error of `conversions`."""

    channel: str
    conversions: float
    value: float
    removal: float | None = None
    error: float | None = None


def attribute(paths, model, settings=Settings()):
    """The Earned of every channel of `paths`, most conversions first, also of those that earned nothing; they sum to the conversions of `paths`. Raises KeyError."""
    earned = MODELS[model](list(paths), settings)
    lost = [path for path in paths if not path.channels]
    if any(path.conversions or path.value for path in lost):
        earned.append(
            Earned(NOBODY, sum(path.conversions for path in lost), sum(path.value for path in lost))
        )
    return sorted(earned, key=lambda one: (-one.conversions, -one.value, one.channel))


def _along(weigh: Callable):
    """A model that weighs each path by itself."""

    def model(paths, settings):
        won = {name: [0.0, 0.0] for path in paths for name in path.channels}
        for path in paths:
            weights = weigh(len(path.channels), settings)
            whole = sum(weights)
            for name, weight in zip(path.channels, weights, strict=True):
                won[name][0] += path.conversions * weight / whole
                won[name][1] += path.value * weight / whole
        return [Earned(name, *sums) for name, sums in won.items()]

    return model


def _decay(count, settings):
    """A table has no dates: each touch lies a day before the next one."""
    return positions.time_decay(list(reversed(range(count))), settings.half_life)


def _names(paths):
    """All channels, also those of rows that nobody walked: without a conversion and without a null."""
    return dict.fromkeys(name for path in paths for name in path.channels)


def _markov(paths, settings):
    effects = markov.removal_effects(paths, settings.order)
    walked = [path for path in paths if path.channels]
    conversions, value = sum(path.conversions for path in walked), sum(path.value for path in walked)
    shares = effects.shares()
    return [
        Earned(
            name,
            shares.get(name, 0.0) * conversions,
            shares.get(name, 0.0) * value,
            removal=effects.removal.get(name, 0.0),
        )
        for name in _names(paths)
    ]


def _shapley(paths, settings):
    found = shapley.conversions(paths)
    value = {}
    for path in paths:
        used = dict.fromkeys(path.channels)
        for name in used:
            value[name] = value.get(name, 0.0) + path.value / len(used)
    return [Earned(name, number, value[name], error=0.0) for name, number in found.values.items()]


def _shapley_rate(paths, settings):
    found = shapley.rate(paths, settings.samples, settings.seed)
    walked = [path for path in paths if path.channels]
    conversions, value = sum(path.conversions for path in walked), sum(path.value for path in walked)
    whole = sum(found.values.values())
    return [
        Earned(
            name,
            conversions * found.values.get(name, 0.0) / whole if whole else 0.0,
            value * found.values.get(name, 0.0) / whole if whole else 0.0,
            error=conversions * found.errors.get(name, 0.0) / whole if whole else 0.0,
        )
        for name in _names(paths)
    ]


MODELS = {
    "first": _along(lambda count, settings: positions.first(count)),
    "last": _along(lambda count, settings: positions.last(count)),
    "linear": _along(lambda count, settings: positions.linear(count)),
    "u": _along(lambda count, settings: positions.u_shape(count)),
    "w": _along(lambda count, settings: positions.w_shape(count)),
    "z": _along(lambda count, settings: positions.z_shape(count)),
    "decay": _along(_decay),
    "markov": _markov,
    "shapley": _shapley,
    "shapley_rate": _shapley_rate,
}
# Names by which others know the models; case, spaces and hyphens do not matter.
ALSO = {
    "first_touch": "first", "first_click": "first", "last_touch": "last", "last_click": "last", "even": "linear",
    "u_shape": "u", "u_shaped": "u", "ushaped": "u", "position": "u", "position_based": "u", "w_shape": "w", "w_shaped": "w",
    "wshaped": "w", "z_shape": "z", "z_shaped": "z", "zshaped": "z", "full_path": "z", "time_decay": "decay",
    "timedecay": "decay", "markov_chain": "markov", "removal_effect": "markov", "shapley_value": "shapley",
}  # fmt: skip


def model_named(text):
    """The name of the model that is called so. Raises ValueError."""
    name = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    name = ALSO.get(name, name)
    if name not in MODELS:
        raise ValueError(text)
    return name


ABOUT = {
    "first": "all to the first touch",
    "last": "all to the last touch",
    "linear": "the same to each touch",
    "u": "40 first, 40 last, 20 shared by the rest",
    "w": "30 first, 30 middle, 30 last, 10 shared by the rest",
    "z": "22.5 each to first, a third, two thirds and last, 10 shared by the rest",
    "decay": "half as much for each --half-life days before the last touch; a touch a day",
    "markov": "by removal effect, lost paths included; --order 1, 2 or 3",
    "shapley": "Shapley value over the conversions of sets of channels; exact",
    "shapley_rate": "Shapley value over conversion rates, lost paths included; sampled above 12 channels",
}
