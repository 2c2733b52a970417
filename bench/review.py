"""How long each review page takes with ten thousand conversations: ``python -m bench.review``.

Prints each page's median and slowest load in milliseconds, in process, after one warm-up.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from review.accounts import hashed
from review.console import console
from review.log import ConversationLog

DAY = 86_400.0
QUESTIONS = {
    "en": (
        "how long does QMAS take",
        "can my wife work",
        "what is the fee for TTPS",
        "I need help",
    ),
    "zh-Hant": ("優才計劃要等幾耐", "受養人可以返工嗎", "高才通續簽要咩文件", "費用係幾多"),
    "zh-Hans": ("优才计划要等多久", "受养人可以工作吗", "高才通续签需要什么材料", "费用是多少"),
    "ja": (
        "優秀人材入境計画の審査期間は",
        "配偶者は働けますか",
        "費用はいくらですか",
        "延長の書類を教えて",
    ),
}
TOPICS = ("processing_time", "dependants_work", "fees", "extension", "documents", "eligibility")
SCHEMES = ("qmas", "ttps", "asmtp", "iang", "gep")
OUTCOMES = ("meets", "may_meet", "does_not_meet", "not_enough_information")
PAGES = {
    "inbox": "/inbox",
    "inbox, one language": "/inbox?language=ja",
    "conversations": "/conversations",
    "filtered": "/conversations?language=zh-Hant&scheme=qmas&handoff=any",
    "search, three characters": "/conversations?q=受養人",
    "search, two characters": "/conversations?q=費用",
    "search, nothing found": "/conversations?q=qqqqq",
    "last page": "/conversations?page=199",
    "transcript": "/conversation/500",
    "dashboards": "/dashboards?days=365",
    "rules": "/rules",
    "inbox as CSV": "/log/inbox.csv?language=ja",
}


class Generator:
    """Writes made-up conversations, spread over the last days; the same for the same seed."""

    def __init__(self, folder: Path, days: float = 90.0, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.now = time.time()
        self.days = days
        self.log = ConversationLog(folder, model="bench", clock=lambda: self.at)
        self.at = self.now
        self.update_id = 0

    def write(self, conversations: int) -> None:
        """Write so many, oldest first."""
        # One transaction: writing is not what is measured.
        with self.log.database.atomic():
            for number in range(conversations):
                self.at = self.now - self.days * DAY * (1 - (number + 1) / (conversations + 1))
                self._conversation(number)
        self.log.close()

    def _conversation(self, number: int) -> None:
        chance, language = self.random, self.random.choice(list(QUESTIONS))
        for _ in range(chance.randint(1, 6)):
            self.at += chance.uniform(5, 60)
            self._turn(number, language)
        if chance.random() < 0.08:
            self.at += chance.uniform(60, 3000)
            self.log.record_message(chat_id=number, who="staff", text="Hello, Ada here.")

    def _turn(self, chat: int, language: str) -> None:
        chance = self.random
        self.update_id += 1
        fallback = chance.random() < 0.06
        topic = chance.choice(TOPICS)
        self.log.record_turn(
            chat_id=chat,
            update_id=self.update_id,
            text=chance.choice(QUESTIONS[language]),
            replies=[("A decision usually takes some weeks.\n• Details depend.", ["Documents"])],
            turn={
                "language": language,
                "intent": topic,
                "confidence": round(chance.betavariate(6, 2), 3),
                "action": "unsure" if fallback else "answer",
                "topic": None if fallback else topic,
                "scheme": chance.choice(SCHEMES),
                "fallback": fallback,
                "handoff": "asked" if chance.random() < 0.03 else None,
                "interview": {"outcome": chance.choice((*OUTCOMES, *[None] * 36))},
            },
        )  # fmt: skip


async def measure(folder: Path, repeats: int = 5) -> dict[str, list[float]]:
    """Milliseconds of each load of each page."""
    pages = console(folder, {"reviewer": hashed("x")})
    await pages.invoke_startup()
    cookies = {"ds_actor": pages.sign({"a": {"id": "reviewer"}}, "actor")}
    taken: dict[str, list[float]] = {}
    for name, address in PAGES.items():
        for attempt in range(repeats + 1):
            started = time.perf_counter()
            response = await pages.client.get(address, cookies=cookies)
            assert response.status_code == 200, (address, response.status_code)
            if attempt:
                taken.setdefault(name, []).append((time.perf_counter() - started) * 1000)
    return taken


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=10_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        started = time.perf_counter()
        generator = Generator(Path(name))
        generator.write(given.conversations)
        seconds = time.perf_counter() - started
        size = (Path(name) / "log.db").stat().st_size / 1e6
        print(
            f"{given.conversations:,} conversations, {generator.update_id:,} turns, {size:.0f} MB, "
            f"{seconds / generator.update_id * 1000:.2f} ms a turn to write"
        )
        print(f"{'page':28}{'median ms':>10}{'slowest':>10}")
        for page, taken in asyncio.run(measure(Path(name))).items():
            print(f"{page:28}{statistics.median(taken):10.0f}{max(taken):10.0f}")


if __name__ == "__main__":
    main()
