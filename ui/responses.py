"""Answers that need a status of their own."""

from django.shortcuts import render

from ui.htmx import render_part


def invalid(request, template, context, part=""):
    """The page again, with the form's errors, as 422. `part` names the partial that htmx gets instead."""
    if part:
        return render_part(request, template, part, context, status=422)
    return render(request, template, context, status=422)
