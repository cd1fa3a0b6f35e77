"""Short ways to import in tests."""

from leads.importing import mapping as mappings
from leads.importing.files import create
from leads.importing.runs import Runner, claim, start
from leads.models import ImportReject
from tests.cast import NOON


def load(path, mapping, at=NOON, by=None, **options):
    """Import a file under a mapping (a spec or the name of a shipped one); returns the finished run."""
    made = mappings.load(mapping) if isinstance(mapping, str) else mappings.from_spec(mapping)
    run = create(path, made, by=by, **options)
    start(run)
    return finish(run, at)


def finish(run, at=NOON):
    """Work through a started run."""
    runner = Runner(claim(at, run.pk))
    while runner.step(at):
        pass
    return runner.run


def rejects(run, warning=False):
    """(line, column, value, reason) of what was refused, or noticed."""
    found = ImportReject.objects.filter(run=run, warning=warning)
    return list(found.values_list("line", "column", "value", "reason"))


def figures(run):
    """The counts that are not zero."""
    return {key: value for key, value in run.counts.items() if value and key != "ended"}
