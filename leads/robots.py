"""Robots: the outbox's hand for chat messages, and a message to try one."""

from django.utils import timezone
from django.utils.translation import gettext as _

from engine import outbox, robots, webhooks
from leads.models.notices import Robot
from leads.notices.sending import link, reading_as


def why_not(address):
    """Why the outbox would refuse to post to an address, in the reader's language; empty where it would not."""
    try:
        webhooks.check(address)
    except webhooks.Refused as refusal:
        return webhooks.WHY_NOT[str(refusal)]
    return ""


def names(payloads):
    """{position: name of the robot} of these payloads of the outbox, in one statement; one that is gone has none."""
    known = dict(
        Robot.objects.filter(pk__in={one.get("robot") for one in payloads}).values_list("pk", "name")
    )
    return {place: known[one["robot"]] for place, one in enumerate(payloads) if one.get("robot") in known}


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
