"""`python -m engine.knock URL`: exit code 0 when it answers 200. For the health checks of containers, without Django."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def knock(url, host=None, seconds=3):
    """The status that `url` answers, asked under the name `host`; 0 when nobody answers."""
    place = urlsplit(url)
    line = http.client.HTTPConnection(place.netloc, timeout=seconds)
    try:
        line.request("GET", place.path, headers={"Host": host or place.netloc})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def name_of_site(environment):
    """The host that visitors ask for: SITE_URL's, else the first that ALLOWED_HOSTS names; "" where none does."""
    allowed = (host.strip().removeprefix(".") for host in environment.get("ALLOWED_HOSTS", "").split(","))
    named = urlsplit(environment.get("SITE_URL", "")).netloc
    return named or next((host for host in allowed if host and "*" not in host), "")


if __name__ == "__main__":
    sys.exit(knock(sys.argv[1], name_of_site(os.environ)) != 200)
