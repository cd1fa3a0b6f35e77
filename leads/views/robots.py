"""Robots, for administrators: which chat is told what, and whether it arrives."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import held, requires, saves
from engine.models import Delivery
from leads import robots
from leads.forms.notices import RobotForm
from leads.models.notices import Robot
from ui.htmx import redirect
from ui.responses import invalid


@requires("leads.manage_robots")
def robot_list(request):
    """All robots, and how many of their messages could not be delivered."""
    context = {
        "robots": Robot.objects.select_related("team"),
        "failed": Delivery.objects.filter(kind="robot", dead_at__isnull=False).count(),
    }
    return render(request, "leads/robots/list.html", context)


@saves
@requires("leads.manage_robots")
def robot_edit(request, pk=None):
    """A new robot, or one to change."""
    robot = held(request, get_object_or_404(Robot, pk=pk)) if pk else None
    form = RobotForm(request.POST or None, instance=robot)
    context = {"form": form, "robot": robot}
    if request.method != "POST":
        return render(request, "leads/robots/form.html", context)
    if not form.is_valid():
        return invalid(request, "leads/robots/form.html", context)
    form.save()
    messages.success(request, _("“%(robot)s” is saved.") % {"robot": form.instance})
    return redirect(request, "leads:robot-list")


@require_POST
@requires("leads.manage_robots")
def robot_try(request, pk):
    """Owe the robot a message, to see whether it arrives."""
    robot = get_object_or_404(Robot, pk=pk, active=True)
    robots.try_out(robot, timezone.now())
    messages.success(request, _("A message is on its way. If it does not arrive, the outbox says why."))
    return redirect(request, "leads:robot-list")


@require_POST
@requires("leads.manage_robots")
def robot_delete(request, pk):
    """Forget a robot; what is still owed to it is not sent."""
    get_object_or_404(Robot, pk=pk).delete()
    return redirect(request, "leads:robot-list")
