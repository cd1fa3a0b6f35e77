"""Sign-ins of the demo: open to everybody who sits at the machine, closed to everybody else."""

import ipaddress

from accounts import organisation
from accounts.models import Role, User

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1"}
DEMO_DOMAIN = ".example"  # RFC 2606: nobody's address, so only invented people have one


def is_local(request):
    """Whether the browser runs on this machine: by the name it asked for, and by where it came from."""
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return name in LOCAL_HOSTS and "X-Forwarded-For" not in request.headers and _is_loopback(request)


def _is_loopback(request):
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def refused(request, user):
    """A demo's sign-in is refused from elsewhere: its password is known to all."""
    return is_demo(user) and not is_local(request)


def is_demo(user):
    """Whether `user` is one of the invented people of a demo."""
    return organisation.current().demo and user.email.endswith(DEMO_DOMAIN)


def offered(request):
    """The demo people that the sign-in page offers on this machine: the first of each role, heads beside them."""
    if not (organisation.current().demo and is_local(request)):
        return []
    people = User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN).exclude(role=Role.SERVICE)
    order = {role: position for position, role in enumerate(Role.values)}
    first = {}
    for person in people.order_by("pk"):
        first.setdefault((order[person.role], person.head_of), person)
    return [first[key] for key in sorted(first)]
