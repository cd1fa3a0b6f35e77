"""The lists of passes by whose work brought them: each list of `reports.origins`, of one side."""

from reports.behind.which import during, passes, reached, went

SIDES = ("marketing", "sales", "partner", "other")


def of_side(side, days, steps):
    """{name: the list}: those captured in the period, those of them that came so far, and those that went from one stage to the next."""
    plain = {
        "leads": ("captured_on", during("captured_on")),
        **{f"to_{far}": ("captured_on", reached(day)) for far, day in days.items()},
        **{
            f"went_{since}_{until}": (days[since], went(days[since], days[until]).counted)
            for since, until in steps
        },
        **{f"entered_{since}": (days[since], during(days[since])) for since, _until in steps},
    }
    return {
        f"of_{side}_{name}": passes(day, lambda rows, choice, counted=counted: counted(rows, choice).filter(source=side))
        for name, (day, counted) in plain.items()
    }  # fmt: skip


def halves(side, days, steps):
    """{name: (the names of the lists on the other side of its ratio,)}."""
    return {
        **{f"of_{side}_to_{far}": (f"of_{side}_leads",) for far in days},
        **{f"of_{side}_went_{since}_{until}": (f"of_{side}_entered_{since}",) for since, until in steps},
    }
