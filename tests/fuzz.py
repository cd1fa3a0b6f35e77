"""Ask the API of a running demo whatever its description allows, and what it does not: `make fuzz`.

No answer may be a fault of ours (500), have a status that is not described, or another shape. It writes nonsense into
every room, so it wants a demo.
"""

import os
import subprocess
import sys
from pathlib import Path

import django

CHECKS = "not_a_server_error,status_code_conformance,response_schema_conformance"


def main():
    """The exit code of schemathesis. Exits with words where nothing runs, or no demo."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from accounts import organisation, tokens
    from accounts.models import ApiToken, Role, User

    if not (settings.DATA_DIR / "environment").is_file():
        sys.exit("Nothing runs here: `make run` first.")
    if not organisation.current().demo:
        sys.exit(
            "This is no demo, and fuzzing fills it with nonsense: start one with TANDEM_DATA=… make run."
        )
    admin = User.objects.filter(role=Role.ADMIN, is_active=True).earliest("pk")
    token, secret = tokens.issue(admin, "fuzz", ["read", "write"], timezone.now())
    try:
        return subprocess.run(
            [
                Path(sys.executable).with_name("st"), "run", f"{settings.SITE_URL}/api/schema/?format=json",
                "--header", f"Authorization: Bearer {secret}", "--checks", CHECKS, "--phases", "coverage,fuzzing",
                "--max-examples", os.environ.get("EXAMPLES", "10"), "--continue-on-failure", "--suppress-health-check", "all",
            ],
            check=False,
        ).returncode  # fmt: skip
    finally:
        tokens.revoke(ApiToken.objects.filter(pk=token.pk), timezone.now())


if __name__ == "__main__":
    sys.exit(main())
