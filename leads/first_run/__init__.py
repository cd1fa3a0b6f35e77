"""The first run: from an empty system to the day from which figures count, in ten minutes and seven steps.

Each step is kept when it is sent, so the wizard goes on where it was left; `Organisation.setup_step` is the next one.
"""

from accounts import organisation
from accounts.models import Organisation
from leads.models import Lead
from pipeline.models import Campaign, Company, Contact, Deal

STEPS = ("house", "calendar", "way", "people", "products", "files", "live")
DONE = len(STEPS) + 1


def is_empty():
    """Has nothing been entered yet? (People and settings do not count.)"""
    return not any(model.objects.exists() for model in (Campaign, Company, Contact, Deal, Lead))


def begins(user):
    """Should this user be led to the first run: an administrator, nothing chosen yet, nothing there?"""
    ours = organisation.current()
    return user.is_superuser and not ours.setup_step and not ours.demo and is_empty()


def reached(step):
    """Note that `step` (1 is the first, DONE the end) is the next to do; never goes back."""
    Organisation.objects.filter(setup_step__lt=step).update(setup_step=step)
    organisation.forget()
