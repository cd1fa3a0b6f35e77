"""Browser tests: a real Chromium on the pages, watched for console errors, CSP reports and axe violations.

@pytest.mark.browser
def test_the_desk(open_page, cast): ...
    page = open_page("leads:desk", user=cast.marketer, size="phone")
"""

import os
import shutil

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
# The last list of what is left out counts, so Playwright's own is said again; then the pop-ups of the address bar,
# two pages behind each window that nobody sees, which cost more than opening it.
LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--single-threaded",  # helpers that compile and tidy up beside a page cost more than they save on a short one
    f"--disable-features={','.join(LEFT_OUT)}",
]
# Headless Chromium asks for the icon on every page of every site, and reports a change of page that it did not
# animate, because the next page was ready too early or too late, as an error of the page.

LOOK = """(options) => axe.run(document, options).then(
    (found) => found.violations.map((one) => [one.id, one.nodes[0].html, one.nodes[0].failureSummary]))"""
HARMLESS = (
    "favicon.ico",
    "Transition was aborted",
    "Transition was skipped",
    "Service Worker registration blocked",
)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """What pytest-playwright starts; skipped, with the way out, where there is no Chromium."""
    if not shutil.which(CHROMIUM):
        pytest.skip("no Chromium: `apt install chromium`, or name one by CHROMIUM=/path/to/chromium")
    # Playwright's loop runs in this thread to the end, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {"executable_path": CHROMIUM, "args": ARGUMENTS, "headless": True}


@pytest.fixture
def open_page(browser, live_server):
    """open_page(url_name_or_path, user=None, size="wide", theme="light", language="en") → a Playwright page.

    `workers` lets the page install its service worker, which is kept out otherwise; `scripts` off is a browser without
    JavaScript, `axe` has the rules of accessibility at hand on each page, for whoever looks at many.
    At the end of the test, whatever a page complained about in its console fails it.
    """
    contexts, complaints = [], []

    def open_it(
        address="",
        user=None,
        size="wide",
        theme="light",
        language="en",
        expect=(),
        workers=False,
        scripts=True,
        axe=False,
    ):
        context = browser.new_context(
            viewport=SIZES[size],
            has_touch=size == "phone",
            base_url=live_server.url,
            service_workers="allow" if workers else "block",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.add_cookies(_cookies(live_server.url, user, theme, language))
        if axe:
            context.add_init_script(AXE_SCRIPT)
        page = context.new_page()
        page.set_default_timeout(30_000)  # a busy machine is slow, not broken
        page.on("console", lambda message: _note(complaints, message.type, message.text, expect))
        page.on("pageerror", lambda error: _note(complaints, "error", str(error), expect))
        if address:
            page.goto(resolve_url(address))
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints, kind, text, expect):
    known = (*HARMLESS, *expect)
    if kind in ("error", "warning") and not any(part in text for part in known):
        complaints.append(text)


def _cookies(url, user, theme, language):
    cookies = {"theme": theme, settings.LANGUAGE_COOKIE_NAME: language}
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": name, "value": value, "url": url} for name, value in cookies.items()]


def axe_violations(page, rules=None):
    """What axe-core finds: (rule, first element, why) for each. `rules` names those that are asked, else all are."""
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE_SCRIPT)
    # Stylesheets and frames are not fetched again: that costs more than all rules.
    options = {"resultTypes": ["violations"], "preload": False, "iframes": False}
    if rules:
        options["runOnly"] = rules
    return [tuple(one) for one in page.evaluate(LOOK, options)]


def overflow(page):
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


# Colours change slowly: a look before they have come to rest would see neither theme.
IN_THEME = """theme => {
    document.documentElement.dataset.theme = theme;
    getComputedStyle(document.body).color;
    const moving = document.getAnimations().filter(one => one instanceof CSSTransition);
    return Promise.allSettled(moving.map(one => one.finished));
}"""


def looked_at(page, themes=()):
    """The page is accessible, in each of `themes` if any are named, and no wider than the screen."""
    page.wait_for_load_state()  # a click ends when the next document begins, before it has any element
    for theme in themes or [None]:
        if theme:
            page.evaluate(IN_THEME, theme)
        assert axe_violations(page) == []
    assert overflow(page) == 0
