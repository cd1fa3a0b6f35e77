"""Whether the system serves."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_migrated = []


@never_cache
@login_not_required
@require_safe
def healthz(request):
    """200 once the database answers and has every migration, 503 until then."""
    try:
        serving = _is_migrated()
    except DatabaseError:
        serving = False
    if serving:
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse("not ready\n", status=503, content_type="text/plain", headers={"Retry-After": "2"})


def upgrading():
    """Whether what just failed may have failed because the database is being brought to where the code is."""
    try:
        return not _is_migrated()
    except DatabaseError:
        return False


def _is_migrated():
    """Read the migrations until they are all there; after that, only ask the database whether it answers."""
    if _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    if pending(connection):
        return False
    _migrated.append(True)
    return True


def pending(connection):
    """The migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
