"""The review pages, in process: who gets in, what is found, and what a correction changes."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from review.accounts import Accounts, hashed
from review.console import console
from review.labels import Refused, back_to, changes
from tests.review.conftest import Conversations

PASSWORD = "correct horse"
RULES = Path(__file__).resolve().parents[2] / "build/schemes.db"


class Visitor:
    """A browser with its cookies; forms are sent as their page has them."""

    def __init__(self, pages: Datasette) -> None:
        transport = httpx.ASGITransport(app=pages.app())
        self.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def page(self, path: str) -> str:
        response = await self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:300])
        return response.text

    async def send(self, path: str, seen_on: str, **fields: str) -> httpx.Response:
        """Send a form with the token that its page carries."""
        found = re.search(r'name="csrftoken" value="([^"]+)"', await self.page(seen_on))
        assert found, f"{seen_on} has no form"
        return await self.client.post(path, data={"csrftoken": found[1], **fields})

    async def log_in(self, password: str = PASSWORD, name: str = "reviewer") -> httpx.Response:
        return await self.send("/-/login", "/-/login", username=name, password=password)


@pytest.fixture
async def pages(conversations: Conversations) -> AsyncIterator[Datasette]:
    conversations.clock.now = time.time() - 3600
    opened = console(conversations.folder, {"reviewer": hashed(PASSWORD)}, RULES)
    await opened.invoke_startup()
    yield opened
    for database in opened.databases.values():
        database.close()


@pytest.fixture
async def stranger(pages: Datasette) -> AsyncIterator[Visitor]:
    visitor = Visitor(pages)
    yield visitor
    await visitor.client.aclose()


@pytest.fixture
async def visitor(stranger: Visitor) -> Visitor:
    await stranger.log_in()
    return stranger


def message(conversations: Conversations, text: str) -> int:
    (row,) = conversations.rows("SELECT id FROM messages WHERE text = ?", text)
    return int(row[0])


def in_inbox(page: str) -> list[str]:
    return re.findall(r'<p class="said"[^>]*><a [^>]*>([^<]*)</a>', page)


# ---------------------------------------------------------------- who gets in

CLOSED = (
    "/", "/inbox", "/conversations", "/conversation/1", "/dashboards", "/rules", "/log",
    "/log/messages", "/log/messages.json", "/log/inbox.csv?language=", "/reviews/notes.json",
    "/log.json?sql=select+1", "/log.db", "/-/databases.json", "/-/metadata.json",
)  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
async def test_a_stranger_sees_nothing_but_the_login(
    stranger: Visitor, conversations: Conversations, path: str
) -> None:
    conversations.turn("a private question", fallback=True)

    response = await stranger.get(path)

    assert response.status_code in (302, 403)
    assert "private" not in response.text


async def test_a_stranger_can_change_nothing(
    stranger: Visitor, conversations: Conversations
) -> None:
    conversations.turn("hello", fallback=True)
    response = await stranger.send("/review/1", "/-/login", action="right")

    assert response.status_code == 302
    assert response.headers["location"] == "/-/login"


async def test_a_wrong_password_is_refused(stranger: Visitor) -> None:
    response = await stranger.log_in("wrong")

    assert "do not belong together" in response.text
    assert (await stranger.get("/inbox")).status_code == 302


async def test_the_right_password_opens_the_inbox(stranger: Visitor) -> None:
    response = await stranger.log_in()

    assert response.status_code == 302
    assert (await stranger.get("/")).headers["location"] == "/inbox"
    assert "<h1>Inbox</h1>" in await stranger.page("/inbox")


async def test_a_form_without_its_token_is_refused(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("hello", fallback=True)

    response = await visitor.client.post("/review/1", data={"action": "right"})

    assert response.status_code == 403
    assert in_inbox(await visitor.page("/inbox")) == ["hello"]


def test_the_password_is_made_once_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)

    password = accounts.first_password("")

    assert password is not None
    assert password not in accounts.path.read_text()
    assert accounts.path.stat().st_mode & 0o077 == 0
    assert accounts.first_password("") is None


def test_a_password_from_the_settings_is_not_kept(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)

    assert accounts.first_password("chosen") is None
    assert list(accounts.hashes("chosen")) == ["reviewer"]
    assert not accounts.path.exists()


# ---------------------------------------------------------------- inbox


async def test_the_worst_comes_first_and_what_went_well_is_not_there(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("fine")
    conversations.turn("unsure", chat=1, confidence=0.2)
    conversations.turn("no answer at all", chat=2, outcome="apologised")
    conversations.turn("not understood", chat=3, fallback=True)
    conversations.turn("a person please", chat=4, handoff="asked")
    conversations.turn("wrongly answered", chat=5)
    conversations.turn("wrong!", chat=5, intent="not_it", fallback=True)

    assert in_inbox(await visitor.page("/inbox")) == [
        "no answer at all",
        "wrongly answered",
        "not understood",
        "a person please",
        "unsure",
    ]


async def test_the_inbox_can_show_one_language(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("english", fallback=True)
    conversations.turn("日本語です", chat=8, language="ja", fallback=True)

    assert in_inbox(await visitor.page("/inbox?language=ja")) == ["日本語です"]


async def test_saying_that_it_was_right_takes_a_message_out_of_the_inbox(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("hello", fallback=True)

    response = await visitor.send("/review/1", "/inbox", action="right", next="/inbox?language=en")

    assert response.headers["location"] == "/inbox?language=en"
    assert in_inbox(await visitor.page("/inbox")) == []


async def test_markup_in_a_message_is_shown_not_obeyed(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("<script>alert(1)</script>", fallback=True)

    for path in ("/inbox", "/conversations", "/conversation/1", "/dashboards"):
        page = await visitor.page(path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# ---------------------------------------------------------------- conversations


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("受養人", "/conversation/1"),
        ("簽證", "/conversation/1"),
        ("配偶者", "/conversation/2"),
        ("延長", "/conversation/2"),
        ("QMAS takes", "/conversation/3"),
        ("qm", "/conversation/3"),
    ],
)
async def test_words_are_found_in_every_language(
    visitor: Visitor, conversations: Conversations, words: str, found: str
) -> None:
    conversations.turn("受養人簽證要幾耐", chat=1, language="zh-Hant")
    conversations.turn("配偶者の在留延長は？", chat=2, language="ja")
    conversations.turn("how long QMAS takes", chat=3)

    page = await visitor.page(f"/conversations?q={words}")

    assert set(re.findall(r'href="(/conversation/\d+)"', page)) == {found}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("language=ja", {"2"}),
        ("scheme=qmas", {"1"}),
        ("outcome=meets", {"1"}),
        ("handoff=any", {"2"}),
        ("handoff=none", {"1"}),
        ("handoff=refusal", {"2"}),
        ("since=2000-01-01", {"1", "2"}),
        ("since=2999-01-01", set()),
        ("until=2000-01-01", set()),
        ("q=%25", {"1", "2"}),
    ],
)
async def test_conversations_can_be_filtered(
    visitor: Visitor, conversations: Conversations, query: str, found: set[str]
) -> None:
    conversations.turn("one", chat=1, scheme="qmas", interview={"outcome": "meets"})
    conversations.turn("二", chat=2, language="ja", scheme="ttps", handoff="refusal")

    page = await visitor.page(f"/conversations?{query}")

    assert set(re.findall(r'href="/conversation/(\d+)"', page)) == found


async def test_more_conversations_than_a_page_holds_go_on_the_next(
    visitor: Visitor, conversations: Conversations
) -> None:
    for chat in range(1, 61):
        conversations.turn("hello", chat=chat)

    first, second = (
        await visitor.page("/conversations"),
        await visitor.page("/conversations?page=1"),
    )

    assert (first.count('class="words"'), second.count('class="words"')) == (50, 10)


# ---------------------------------------------------------------- transcript


async def test_a_transcript_reads_like_the_chat(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("what does it cost", confidence=0.42, reply="It costs money.")
    conversations.log.record_message(chat_id=7, who="staff", text="Ada here.", author="Ada")

    page = await visitor.page("/conversation/1")

    places = [page.index(text) for text in ("what does it cost", "It costs money.", "Ada here.")]
    assert places == sorted(places)
    assert "English · <b>fees</b> 42 %" in page
    assert "<span>Documents</span>" in page


async def test_a_correction_is_kept_with_who_and_when_and_leaves_the_inbox(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("費用は？", fallback=True)

    await visitor.send(
        "/review/1", "/conversation/1", action="correct", language="ja", intent="documents"
    )

    page = await visitor.page("/conversation/1")
    assert re.search(r"→ 日本語 · documents \(reviewer, \d{4}-\d\d-\d\d \d\d:\d\d\)", page)
    assert in_inbox(await visitor.page("/inbox")) == []
    history = (await visitor.get("/reviews/label_history.json?_shape=array")).json()
    assert [(row["language"], row["intent"], row["by"]) for row in history] == [
        ("ja", "documents", "reviewer")
    ]


async def test_a_correction_can_be_taken_back(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("hello", fallback=True)
    await visitor.send("/review/1", "/conversation/1", action="right")

    await visitor.send("/review/1", "/conversation/1", action="reopen")

    assert in_inbox(await visitor.page("/inbox")) == ["hello"]


async def test_notes_and_tags_are_shown_masked_with_their_author(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("hello")

    await visitor.send("/review/1", "/conversation/1", action="note", text="call 9123 4567 back")
    await visitor.send("/review/1", "/conversation/1", action="tag", text="Wording")

    page = await visitor.page("/conversation/1")
    assert "<b>reviewer</b> call [phone] back" in page
    assert "#wording" in page
    await visitor.send("/review/1", "/conversation/1", action="untag", text="wording")
    assert "#wording" not in await visitor.page("/conversation/1")


@pytest.mark.parametrize(
    "form",
    [
        {"action": "correct", "language": "ko", "intent": "fees"},
        {"action": "correct", "language": "ja", "intent": "nonsense"},
        {"action": "drop"},
    ],
)
def test_a_form_that_no_page_sends_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(Refused):
        changes(1, {"conversation": 1, "language": "en", "intent": "fees"}, form, "ada", 0.0)


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        ("/inbox?language=ja", "/inbox?language=ja"),
        ("/inbox", "/inbox"),
        (None, "/conversation/3#m5"),
        ("https://evil.example/inbox", "/conversation/3#m5"),
        ("//evil.example/inbox", "/conversation/3#m5"),
    ],
)
def test_a_form_leads_back_to_our_own_pages_only(given: str | None, goes: str) -> None:
    assert back_to(given, 3, 5) == goes


async def test_what_is_not_there_is_said(visitor: Visitor) -> None:
    assert (await visitor.get("/conversation/99")).status_code == 404


# ---------------------------------------------------------------- dashboards, rules, files


async def test_the_dashboards_follow_what_is_said_and_reviewed(
    visitor: Visitor, conversations: Conversations
) -> None:
    assert "Nothing yet." in await visitor.page("/dashboards")
    conversations.turn("what does it cost", topic="fees")
    conversations.turn("gibberish", fallback=True, handoff="asked")
    await visitor.send("/review/1", "/conversation/1", action="right")

    async def rows(name: str) -> Any:
        return (await visitor.get(f"/log/{name}.json?_shape=array&days=30")).json()

    (before,) = await rows("accuracy")
    await visitor.send(
        "/review/3", "/conversation/1", action="correct", language="en", intent="documents"
    )
    (after,) = await rows("accuracy")

    assert (before["reviewed"], before["intent_percent"]) == (1, 100.0)
    assert (after["reviewed"], after["intent_percent"], after["language_percent"]) == (2, 50, 100)
    assert [row["question"] for row in await rows("unanswered")] == ["gibberish"]
    assert [(row["messages"], row["people"]) for row in await rows("days")] == [(2, 1)]
    assert (await rows("waiting"))[0]["reason"] == "asked"
    page = await visitor.page("/dashboards")
    assert 'aria-label="messages by day"' in page and "gibberish" in page


async def test_the_rules_show_what_holds_with_its_source_stalest_first(visitor: Visitor) -> None:
    page = await visitor.page("/rules?kind=value")

    dates = re.findall(r'<td class="time">(\d{4}-\d\d-\d\d)</td>', page)
    assert len(dates) == 50
    assert dates == sorted(dates)
    assert 'href="https://' in page


async def test_without_rules_the_page_says_what_to_do(conversations: Conversations) -> None:
    pages = console(conversations.folder, {"reviewer": hashed(PASSWORD)}, Path("/nowhere.db"))
    await pages.invoke_startup()
    visitor = Visitor(pages)
    await visitor.log_in()

    assert "make setup" in await visitor.page("/rules")
    await visitor.client.aclose()


async def test_every_page_offers_its_rows_as_files(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("費用は？", language="ja", fallback=True)

    for path in ("/inbox", "/conversations", "/conversation/1", "/dashboards", "/rules"):
        addresses = re.findall(
            r'href="(/[a-z]+/[a-z]+\.(?:csv|json)\?[^"]*)"', await visitor.page(path)
        )
        assert addresses, path
        for address in addresses:
            response = await visitor.get(address.replace("&amp;", "&"))
            assert response.status_code == 200, address
    table = (await visitor.get("/log/inbox.csv?language=ja")).text
    assert table.startswith("message,conversation,time,language,text") and "費用は？" in table


async def test_the_pages_load_nothing_from_elsewhere(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("hello", fallback=True)

    for path in ("/inbox", "/conversations", "/conversation/1", "/dashboards", "/-/login"):
        page = await visitor.page(path)
        assert re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//', page) == []
    style = (await visitor.get("/assets/review.css")).text
    assert "url(" not in style and "@import" not in style


async def test_the_pages_cannot_write_into_the_log(pages: Datasette) -> None:
    with pytest.raises(Exception, match="readonly|read-only"):
        await pages.get_database("log").execute_fn(
            lambda connection: connection.execute("DELETE FROM messages")
        )


async def test_an_erasure_gets_through_while_the_pages_are_open(
    visitor: Visitor, conversations: Conversations
) -> None:
    conversations.turn("zebraquince", fallback=True)
    await visitor.page("/inbox")

    conversations.log.erase(7)

    assert in_inbox(await visitor.page("/inbox")) == []
    assert (await visitor.get("/conversation/1")).status_code == 404


async def test_an_answer_is_shown_with_the_values_it_uses(visitor: Visitor) -> None:
    page = await visitor.page("/rules?kind=answer&q=hkid&scheme=general")

    assert "{general.hkid" not in page
    assert "{firm:name}" not in await visitor.page("/rules?kind=answer&q=firm")


# ---------------------------------------------------------------- as a process


def test_the_command_serves_says_the_address_and_ends_in_order(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = subprocess.Popen(
        [sys.executable, "-m", "review", "serve"],
        env={**os.environ, "DATA_DIR": str(tmp_path), "REVIEW_PORT": str(port)},
        cwd=RULES.parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = wait_for_answer(started, port)
        assert address.url.path == "/-/login"
    finally:
        started.terminate()
        said, _ = started.communicate(timeout=10)
    assert f"Review: http://127.0.0.1:{port}/" in said
    assert "Log in as reviewer with " in said


def wait_for_answer(process: "subprocess.Popen[str]", port: int) -> httpx.Response:
    while process.poll() is None:
        with contextlib.suppress(httpx.ConnectError):
            return httpx.get(f"http://127.0.0.1:{port}/", follow_redirects=True, trust_env=False)
        os.sched_yield()
    pytest.fail("the review ended instead of serving")
