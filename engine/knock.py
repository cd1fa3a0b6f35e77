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


if __name__ == "__main__":
    allowed = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    sys.exit(knock(sys.argv[1], allowed) != 200)
