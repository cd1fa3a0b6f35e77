"""Two people at one record, a field changed in place, and a colleague's book: in a real browser, on both screens."""

import pytest

from leads.models import BookMove
from pipeline.models import Company, Step
from tests import cast as make
from tests.stories.test_admin import looked_at

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size, theme", [("wide", "dark"), ("phone", "light")])
def test_two_at_one_company_and_a_book_handed_over(open_page, cast, size, theme):
    north = make.region()
    acme = make.company("Acme", employees=10, industry="glass", sales_owner=cast.rep)
    address = f"/companies/{acme.pk}/"
    rep = open_page(f"{address}edit/", user=cast.rep, size=size, theme=theme, expect=("422",))
    rep.fill("[name=employees]", "30")

    # meanwhile a colleague changes two fields where she reads them, without leaving the page
    page = open_page(address, user=cast.manager, size=size, theme=theme)
    for field, value in (("employees", "20"), ("region", str(north.pk))):
        page.locator(f"a.edit[href$='/{field}/']").click()
        looked_at(page)
        if field == "region":
            page.select_option("form.inline [name=region]", value)
        else:
            page.fill("form.inline [name=employees]", value)
        page.locator("form.inline button.primary").click()
        page.locator(f"a.edit[href$='/{field}/']").wait_for()
        assert page.url.endswith(address)
    assert Company.objects.get(pk=acme.pk).employees == 20

    # the rep is told, chooses, and loses neither the own change nor hers
    rep.locator("main button.primary").click()
    rep.locator(".difference").wait_for()
    assert "Manager changed this" in rep.locator(".errorlist.nonfield").inner_text()
    looked_at(rep)
    rep.locator(".difference input[value^=mine]").check()
    rep.locator("main button.primary").click()
    rep.wait_for_url(f"**{address}")
    acme.refresh_from_db()
    assert (acme.employees, acme.region, acme.industry) == (30, north, "glass")

    # the rep falls ill: the manager looks at the shares, then hands the book over for a time, and brings it back
    make.lead(owner=cast.rep, stage="sql", contact=make.contact(company=acme))
    Step.objects.create(what="Call", company=acme, owner=cast.rep, due_at=make.NOON)
    page.goto(f"/people/{cast.rep.pk}/")
    page.locator("a", has_text="Hand over the book").click()
    page.get_by_label("Teammate").check()
    page.fill("[name=until]", "2099-01-31")
    page.locator("button", has_text="Preview").click()
    page.locator("#shares").wait_for()
    looked_at(page)
    assert "1 lead, 1 step, 1 company" in page.locator("#shares").inner_text()
    page.locator("#shares button").click()
    page.locator("#moves button").wait_for()
    looked_at(page)
    acme.refresh_from_db()
    assert acme.sales_owner == cast.teammate
    page.locator("#moves button").click()
    page.wait_for_load_state()
    acme.refresh_from_db()
    assert (acme.sales_owner, BookMove.objects.get().back_at is not None) == (cast.rep, True)
