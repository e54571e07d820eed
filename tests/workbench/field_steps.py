"""What a monitoring group does with the field app, step by step, in Kyrgyz."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

__all__ = ["record_visit", "step", "take_along"]


def take_along(page: Page) -> None:
    """Take the plan and the ground along."""
    page.locator(".along").get_by_role("button").click()
    expect(page.locator(".along .size")).to_be_visible(timeout=30_000)


def step(page: Page, number: int) -> None:
    """Wait until a step of the visit is shown."""
    expect(page.locator(".steps [aria-current=step]")).to_have_text(str(number))


def record_visit(
    page: Page, photo: Path | None = None, *, finding: str = "Үч колонкадан суу акпайт.", site: str = ""
) -> None:
    """Record a visit to the nearest activity, or to one by its title, and save it on the phone."""
    page.get_by_role("button", name="Чыгууну баштоо").click()
    step(page, 1)
    expect(page.locator(".fix")).to_contain_text("± 6 м")
    page.locator(".site", has_text=site).first.click()
    page.locator(".next").click()
    step(page, 2)
    if photo is not None:
        page.set_input_files("input[capture]", str(photo))
        expect(page.locator("figure")).to_have_count(1)
    if finding:
        page.get_by_role("button", name="Байкоо кошуу").click()
        page.locator(".finding textarea").fill(finding)
    page.locator(".next").click()
    step(page, 3)
    page.locator("[data-field=actual_quantity] input").fill("13")
    if not page.locator("[data-field=quantity_unit] input").input_value():
        page.locator("[data-field=quantity_unit] input").fill("даана")
    page.locator("[data-field=standard_met]").get_by_text("Жок", exact=True).click()
    page.locator(".next").click()
    step(page, 4)
    page.locator(".next").click()
    step(page, 5)
    for name in ("Салтанат Бейшеева", "Кубанычбек Дооронов"):
        page.locator("#member-name").fill(name)
        page.locator("#member-name").press("Enter")
        page.locator(".member").last.get_by_role("checkbox").check()
    page.locator(".next").click()
    step(page, 6)
    page.get_by_role("button", name="Телефонго сактоо").click()
    expect(page.locator(".visit").first).to_be_visible()
