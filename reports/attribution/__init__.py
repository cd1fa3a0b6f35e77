"""Attribution: which touches earned a won deal, and how much of it. docs/attribution.md says what was decided.

`models` names the models of the funnel's own deals and `credits` works them out by SQL; `positions`, `markov` and
`shapley` are the same models as plain functions on paths, `paths` and `tables` run them on any table.
"""

from reports.attribution.credits import PathTouch, credits_of, path, work_out
from reports.attribution.models import DEFAULT, MODELS, Model, model_named

__all__ = ["DEFAULT", "MODELS", "Model", "PathTouch", "credits_of", "model_named", "path", "work_out"]
