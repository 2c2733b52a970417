"""The staff desk as people see it: an applicant and a consultant in the sandbox's page."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from locales import text
from sandbox.client import Sandbox
from sandbox.people import sample_picture
from tests.bot.conftest import QUICK, Desk, FakeRasa, says

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

QUESTION = "年齢を教えてください。"
INTERVIEW = {
    "scheme": "qmas",
    "fact": "age",
    "open": True,
    "answers": {"residence": "overseas", "english": True},
}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")


def ja(message: str, **values: Any) -> str:
    return text("bot", "ja", message, **values)


def answer(post: dict[str, Any]) -> Any:
    """The dialogue: an interview about QMAS is open."""
    message = post["message"]
    about = {"language": "ja", "scheme": "qmas", "interview": INTERVIEW}
    if "担当者" in message:
        return says("承知しました。", **about, handoff="asked")
    if message == "/resume":
        return says(f"QMASのチェックを続けます。\n\n{QUESTION}", **about)
    if message == "42":
        return says("ありがとうございます。次の質問です。", **about)
    return says(QUESTION, **about)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Sandbox.start() as sandbox:
        rasa = FakeRasa()
        rasa.answer = answer
        running = Desk(sandbox, rasa, tmp_path / "data", QUICK)
        group = sandbox.staff_group("Talent Desk staff")
        running.environment["STAFF_GROUP_ID"] = str(group.id)
        group.add(running.person("Grace"), "creator")
        await running.start()
        yield running
        await running.stop()


@pytest.fixture
async def page(desk: Desk) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless", "--no-sandbox"]
        )
        opened = await browser.new_page(
            viewport={"width": 1180, "height": 900}, locale="ja-JP", timezone_id="Asia/Hong_Kong"
        )
        await opened.goto(desk.sandbox.url)
        yield opened
        await browser.close()


async def write(pane: Locator, words: str) -> None:
    await pane.get_by_label("Message", exact=True).fill(words)
    await pane.get_by_role("button", name="Send", exact=True).click()


async def shows(pane: Locator, words: str) -> Locator:
    """Wait until a message with these words is there."""
    found = pane.locator("article .text", has_text=words).last
    await expect(found).to_be_visible()
    return found


async def test_a_conversation_goes_to_a_person_and_back(
    desk: Desk, page: Page, tmp_path: Path
) -> None:
    applicant, staff = page.locator("#applicant"), page.locator("#staff")
    picture = tmp_path / "form.png"
    picture.write_bytes(sample_picture(320, 120))

    await applicant.get_by_role("button", name="START").click()
    await shows(applicant, QUESTION)
    await write(applicant, "担当者と話したいです")
    await shows(applicant, ja("handed_over"))
    card = await shows(staff, "asked for a person")
    assert "• residence: overseas" in await card.inner_text()
    await page.screenshot(path=tmp_path / "1-waiting.png")

    await write(staff, "// QMAS、書類の確認が先")
    await write(staff, "こんにちは。担当のGraceです。書類はお揃いですか？")
    await shows(applicant, ja("taken", name="Grace"))
    await shows(applicant, "書類はお揃いですか？")
    await staff.locator("input.file").set_input_files(picture)
    await expect(applicant.locator("img.photo")).to_be_visible()
    await (
        staff.locator("article.own", has_text="担当のGrace")
        .get_by_role("button", name="Edit")
        .click()
    )
    await write(staff, "こんにちは。担当のGraceです。学位証明書はお手元にありますか？")
    await shows(applicant, "学位証明書はお手元にありますか？")
    await write(applicant, "はい、あります。")
    newest = await shows(staff, "はい、あります。")
    await newest.scroll_into_view_if_needed()
    await page.screenshot(path=tmp_path / "2-talking.png")

    await write(staff, "/done")
    await shows(applicant, ja("handed_back"))
    await shows(applicant, "QMASのチェックを続けます。")
    await write(applicant, "42")
    await shows(applicant, "次の質問です。")
    await shows(staff, "handed the conversation back")
    await page.screenshot(path=tmp_path / "3-handed-back.png")

    said = " ".join(await applicant.locator("article").all_inner_texts())
    assert "書類の確認が先" not in said
    assert "書類はお揃いですか" not in said
    assert desk.rasa.messages == ["/greet", "担当者と話したいです", "/resume", "42"]
