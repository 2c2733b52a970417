"""An applicant at a phone's width: asks, presses buttons, is interviewed, in each language."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk

PHONE = {"width": 390, "height": 844}


def person(browser: Browser, desk: Desk, language: str) -> Page:
    """Somebody new who just pressed START."""
    page = browser.new_page(viewport=PHONE)
    page.goto(desk.page)
    page.wait_for_selector("#person option", state="attached")  # the page's script is at work
    page.click("#new-person")
    page.fill("#person-dialog input[name=name]", f"Visitor {language}")
    page.select_option("#person-dialog select[name=language]", language)
    page.click("#person-dialog button.primary")
    expect(page.locator("#person option:checked")).to_have_text(f"Visitor {language}")
    page.click("#applicant .start")
    bot_said(page, "/start")
    return page


def say(page: Page, text: str) -> None:
    page.fill("#applicant textarea", text)
    page.keyboard.press("Enter")


def bot_said(page: Page, pattern: str) -> None:
    messages = page.locator("#applicant .messages")
    expect(messages).to_contain_text(re.compile(pattern), timeout=20_000)


@pytest.mark.parametrize(
    ("language", "talk"),
    [
        ("en", ("Hello", "How long is the first stay under ASMTP?", "36 months")),
        ("zh-hk", ("你好", "優才有冇名額限制？", "配額")),
        ("zh-cn", ("您好", "优才第一次逗留期限是多久？", "36个月")),
        ("ja", ("こんにちは", "QMASの審査期間はどのくらいですか？", "9か月")),
    ],
)
def test_a_person_is_greeted_and_answered_in_their_language(
    browser: Browser, desk: Desk, language: str, talk: tuple[str, str, str]
) -> None:
    greeting, question, reply = talk
    page = person(browser, desk, language)
    bot_said(page, greeting)

    say(page, question)

    bot_said(page, reply)
    page.close()


def test_an_interview_is_answered_by_buttons_and_words(browser: Browser, desk: Desk) -> None:
    page = person(browser, desk, "en")
    bot_said(page, "Hello")
    say(page, "/interview qmas")
    bot_said(page, "What is your nationality")

    page.get_by_role("button", name="Another nationality").click()
    bot_said(page, "How old are you")
    say(page, "I'm 32")

    bot_said(page, "Age: 32")
    bot_said(page, "criminal record")
    page.close()


def test_what_people_write_is_shown_as_text_and_not_as_markup(browser: Browser, desk: Desk) -> None:
    page = person(browser, desk, "en")
    bot_said(page, "Hello")

    say(page, "<img src=x onerror=\"document.title='broken'\"> fees?")

    bot_said(page, re.escape("<img src=x"))
    assert page.title() == "HK Talent Desk sandbox"
    page.close()
