"""Learning the probability of a win from closed history.

Fitting needs scikit-learn and lives in `fitting` and the modules that it imports; what was learned is plain numbers,
read by `portable` alone, so that pages and workers never load it.
"""
