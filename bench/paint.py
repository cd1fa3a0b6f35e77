"""Paint: when the largest thing of a page stands on the screen of a browser, over HTTP on this machine.

Every list, one record of each kind, and the first screens of the day. Left out where there is no browser: playwright is
of the development requirements, Chromium of the system.
"""

import contextlib
import importlib.util
import logging
import os
import shutil
import threading
from statistics import median

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.urls import reverse

from accounts.models import Role, User
from bench.figures import Figure
from bench.pages import DETAILS, LISTS
from bench.web import Browser

RUNS, SECONDS = 3, 1.0
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# Who spends the day there → the screens.
DAILY = {
    Role.MARKETING: ("leads:today", "leads:desk"),
    Role.SALES: ("leads:my-day", "leads:deal-board"),
    Role.ADMIN: ("reports:dashboard", "accounts:setup"),
}
LARGEST = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) { last = entry.startTime; } })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(last), 60);
})"""


def figures(world):
    """The median of three visits of each page, the first of them without anything in the browser's cache."""
    missing = _missing()
    if missing:
        yield Figure(f"paint: left out, {missing}", None)
        return
    world.grow()
    cookies = {role: _somebody(role) for role in DAILY}
    pages = [(role, name, reverse(name)) for role, names in DAILY.items() for name in names]
    pages += [(Role.ADMIN, name, reverse(name)) for name in LISTS.values()]
    for name, model in DETAILS.values():
        pk = model.objects.order_by("pk").values_list("pk", flat=True).first()
        pages.append((Role.ADMIN, name, reverse(name, args=[pk])))
    with _served() as address:
        told = _visited(address, cookies, pages)
    for (role, name, _path), seconds in zip(pages, told, strict=True):
        yield Figure(
            f"paint: {name} for {role}, largest contentful", seconds, SECONDS, "s wall", goal=f"≤ {SECONDS:.1f} on a quiet machine"
        )  # fmt: skip


def _missing():
    """What is not installed, or nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return "" if shutil.which(CHROMIUM) else "there is no Chromium"


def _somebody(role):
    """The session cookie of a person of the house, else of somebody new."""
    user = User.objects.filter(role=role, is_active=True).order_by("pk").first()
    user = user or User.objects.create_user(f"{role}@bench.example", full_name=str(role), role=role)
    return Browser(user).cookie.partition(";")[0].partition("=")[2]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """A visit is no news."""


@contextlib.contextmanager
def _served():
    """The address of this process's own web server."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _visited(address, cookies, pages):
    """Seconds until the largest paint of each page."""
    from playwright.sync_api import sync_playwright  # of the development requirements only

    logging.getLogger("django.request").setLevel(logging.ERROR)
    with sync_playwright() as players:
        browser = players.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        tabs = {role: _tab(browser, address, cookie) for role, cookie in cookies.items()}
        told = [_painted(tabs[role], path) for role, _name, path in pages]
        browser.close()
    return told


def _tab(browser, address, cookie):
    context = browser.new_context(
        base_url=address, viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    return context.new_page()


def _painted(tab, path):
    taken = []
    for _run in range(RUNS):
        answer = tab.goto(path)
        assert answer.status == 200, (path, answer.status)
        taken.append(tab.evaluate(LARGEST) / 1000)
    return median(taken)
