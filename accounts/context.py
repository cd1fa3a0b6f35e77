"""What every page knows of the house."""

from django.utils.functional import SimpleLazyObject

from accounts import organisation


def house(request):
    """Template context: `organisation` (its `demo` marks every page, its `level` the menu). Costs nothing unread."""
    return {"organisation": SimpleLazyObject(organisation.current)}
