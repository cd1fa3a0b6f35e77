import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Uploads of the test go away with it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def load(db, tmp_path):
    """Import text under a mapping; returns the finished run."""
    from tests.leads.importing import running

    def load(text, mapping, **options):
        path = tmp_path / "rows.csv"
        path.write_text(text, encoding="utf-8")
        return running.load(path, mapping, **options)

    return load


@pytest.fixture
def back(owner):
    """Undo as it happens outside of tests, where the owner's connection has the owner's rights."""
    from leads.importing import undo
    from tests import cast

    def back(run, at=cast.NOON, tell=None):
        with owner("owner"):
            return list(map(str, undo(run, at, tell)))

    return back
