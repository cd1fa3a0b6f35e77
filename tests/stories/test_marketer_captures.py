"""The marketer brings people in: a form and its visitors, quick-add at the booth, also without a connection."""

from base64 import b64decode

import pytest

from leads.models import Lead, Submission, WebForm
from leads.webforms.asking import TRAP
from pipeline.models import Attachment
from tests import cast as make
from tests.browser import looked_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size, theme", [("wide", "light"), ("phone", "dark")])
def test_a_form_brings_a_visitor_in_and_holds_a_robot(open_page, cast, size, theme):
    campaign = make.campaign("Spring fair", channel="exhibition", owner=cast.marketer)
    page = open_page(f"/campaigns/{campaign.pk}/", user=cast.marketer, size=size, theme=theme)
    page.locator("#forms a[href$='/forms/new/']").click()
    page.wait_for_url("**/forms/new/")
    looked_at(page)
    page.select_option("[name=asks-wechat]", "ask")
    page.click("main form button.primary")
    page.wait_for_url("**/forms/*/")
    looked_at(page)
    form = WebForm.objects.get()

    stranger = open_page(f"/f/{form.key}/?utm_source=poster", size=size, language="zh-hans")
    looked_at(stranger)
    stranger.fill("[name=full_name]", "王芳")
    stranger.fill("[name=phone]", "138 0013 8000")
    stranger.check("[name=consent]")
    stranger.wait_for_timeout(2_100)  # nobody types faster
    stranger.click("button")
    stranger.wait_for_url("**/thanks/**")
    looked_at(stranger)
    assert Lead.objects.get().attributes["utm_source"] == "poster"

    robot = open_page(f"/f/{form.key}/")
    robot.fill("[name=full_name]", "Cheap pills")
    robot.fill("[name=email]", "x@pills.example")
    robot.check("[name=consent]")
    robot.locator(f"[name={TRAP}]").evaluate("field => field.value = 'https://pills.example'")
    robot.click("button")
    robot.wait_for_url("**/thanks/**")
    page.goto("/held/")
    looked_at(page)
    page.check("[name=pick]")
    page.click("button[value=drop]")
    page.wait_for_load_state()
    assert list(Submission.objects.order_by("pk").values_list("state", flat=True)) == ["taken", "dropped"]


def photo(page):
    """A photo as a phone takes it: more pixels than a card needs, and grain that does not compress away."""
    data = page.evaluate(
        """() => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 2000, height: 1200 });
          const pen = canvas.getContext("2d");
          const grain = pen.createImageData(2000, 1200);
          for (let n = 0; n < grain.data.length; n += 1) {
            grain.data[n] = n % 4 === 3 ? 255 : 120 + ((n * 2654435761) >>> 27) + (n % 8000) / 100;
          }
          pen.putImageData(grain, 0, 0);
          return canvas.toDataURL("image/png").split(",")[1];
        }"""
    )
    return {"name": "IMG_0001.png", "mimeType": "image/png", "buffer": b64decode(data)}


# Whether a page that this browser keeps says so.
KEPT = """async (text) => {
    for (const name of (await caches.keys()).filter((one) => one.startsWith("kept-"))) {
        const store = await caches.open(name);
        for (const request of await store.keys()) {
            const kept = await store.match(request, { ignoreVary: true });  // it may just be taking the place of another
            if (kept && (await kept.text()).includes(text)) {
                return true;
            }
        }
    }
    return false;
}"""


@pytest.mark.parametrize("size, theme", [("wide", "dark"), ("phone", "light")])
def test_at_the_booth_also_without_a_connection(open_page, cast, size, theme):
    campaign = make.campaign("Spring fair", channel="exhibition", status="active", owner=cast.marketer)
    page = open_page(
        "/quick-add/",
        user=cast.marketer,
        size=size,
        theme=theme,
        workers=True,
        expect=("ERR_INTERNET_DISCONNECTED", "422"),
    )
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    looked_at(page)
    page.click(f"a[href='/campaigns/{campaign.pk}/quick-add/']")
    page.wait_for_url("**/quick-add/")
    looked_at(page)
    page.fill("[name=full_name]", "Ada Byron")
    page.fill("[name=phone]", "+49 170 1234567")
    page.locator("[name=warmth][value=hot]").check(force=True)
    page.click("form#quick button.primary")
    page.get_by_text("Next, please").first.wait_for()
    page.wait_for_function(KEPT, arg="Ada Byron")
    page.context.set_offline(True)
    for name in ("Grace Hopper", "Alan Turing"):
        page.fill("[name=full_name]", name)
        page.click("form#quick button.primary")
        page.locator("#quick-queue li", has_text=name).wait_for()
    assert page.locator("#quick-queue li").count() == 2
    looked_at(page)
    page.reload()  # the battery died: page and queue are still on the phone
    page.locator("#quick-queue li").nth(1).wait_for()
    assert (page.inner_text("#quick-count"), page.inner_text("#quick-waits")) == ("1", "2")
    assert page.locator("#quick-latest li", has_text="Ada Byron").count() == 1
    taken = photo(page)
    page.set_input_files("[name=card]", taken)
    page.fill("[name=full_name]", "Edith Clarke")
    page.click("form#quick button.primary")
    page.locator("#quick-queue li").nth(2).wait_for()
    # Somebody has signed in again meanwhile: the token in the page that was kept is worth nothing.
    page.context.clear_cookies(name="csrftoken")
    page.context.set_offline(False)
    page.locator("#quick-waiting").wait_for(state="hidden")
    names = sorted(Lead.objects.values_list("contact__full_name", flat=True))
    assert names == ["Ada Byron", "Alan Turing", "Edith Clarke", "Grace Hopper"]
    card = Attachment.objects.get()
    assert card.name.endswith(".jpg")
    assert 1_000 < card.size < len(taken["buffer"]) / 2
    page.reload()
    assert page.locator("#quick-latest li").count() == 4
    # What the server refuses stays here, and is put right in the form.
    page.fill("[name=full_name]", "Mary Somerville")
    page.fill("[name=company]", "Orbits")
    page.click("details.more summary")
    page.fill("[name=email]", "mary@@orbits")
    page.click("form#quick button.primary")
    page.locator("#quick-queue li", has_text="Mary Somerville").get_by_role("button", name="Correct").click()
    assert page.input_value("[name=company]") == "Orbits"
    assert page.evaluate("document.activeElement.name") == "email"
    assert page.locator(".toast").count() == 1
    page.fill("[name=full_name]", "Caroline Herschel")  # another person typed over takes nobody's place
    page.fill("[name=email]", "caroline@comets.example")
    page.click("form#quick button.primary")
    page.locator("#quick-latest li", has_text="Caroline Herschel").wait_for()
    page.locator("#quick-queue li", has_text="Mary Somerville").get_by_role("button", name="Correct").click()
    page.fill("[name=email]", "mary@orbits.example")
    page.click("form#quick button.primary")
    page.locator("#quick-latest li", has_text="Mary Somerville").wait_for()
    assert page.locator("#quick-queue li").count() == 0
