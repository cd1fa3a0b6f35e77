"""Robots: the outbox's hand for chat messages, and a message to try one."""

from django.utils import timezone
from django.utils.translation import gettext as _

from engine import outbox, robots, webhooks
from leads.models.notices import Robot
from leads.notices.sending import link, reading_as


def send(payload, delivery):
    """Send one message of the outbox: {robot, body}. A robot that is gone or out of use is owed nothing.

    Raises what the address or the service says against it.
    """
    robot = Robot.objects.filter(pk=payload["robot"], active=True).first()
    if robot is None:
        return
    address, body = robots.message(
        robot.vendor,
        address=robot.address,
        secret=robot.secret,
        chat=robot.chat,
        text=payload["body"],
        at=timezone.now(),
    )
    robots.insist(robot.vendor, *webhooks.post_json(address, body))


def try_out(robot, at):
    """Owe the robot a message that says where it comes from."""
    with reading_as(None):
        said = _("Tandem speaks here: this robot works.")
    outbox.put(
        "robot", f"try:{robot.pk}:{int(at.timestamp())}", {"robot": robot.pk, "body": f"{said}\n{link('/')}"}
    )
