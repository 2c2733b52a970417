"""An interview is interrupted in every way there is, and always carries on where it was."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conversation.server import Said, Server, running

Say = Callable[[str], Said]


def fact(said: Said) -> str | None:
    """What is asked just now."""
    return None if said.turn["interview"] is None else said.turn["interview"]["fact"]


def answers(said: Said) -> dict[str, object]:
    return dict(said.turn["interview"]["answers"])


def reach_support(say: Say) -> Said:
    """The QMAS interview up to the fifth question."""
    say("start the QMAS eligibility check")
    for reply in ("I'm Japanese", "32", "never", "no"):
        said = say(reply)
    assert fact(said) == "can_support", said.text
    return said


def test_one_interview_with_every_interruption(person: Say) -> None:
    reach_support(person)

    back = person("back")
    assert (fact(back), "adverse_immigration" in answers(back)) == ("adverse_immigration", False)
    assert fact(person("no")) == "can_support"

    changed = person("sorry, I made a mistake, I'm 34")
    assert (answers(changed)["age"], fact(changed)) == (34, "can_support")

    listed = person("I want to change one of my answers")
    button = next(b for b in listed.buttons if b["payload"] == '/change_answer{"fact": "age"}')
    assert fact(person(button["payload"])) == "age"
    changed = person("35")
    assert (answers(changed)["age"], fact(changed)) == (35, "can_support")

    why = person("why do you ask?")
    assert "public assistance" in why.text
    assert fact(why) == "can_support"

    question = person("how long does QMAS take?")
    assert question.turn["topic"] == "processing_time"
    assert "Can you support yourself" in question.texts[-1]

    two = person("How much is the fee? And can my wife work there?")
    assert len(two.texts) == 3
    assert "Can you support yourself" in two.texts[-1]

    standing = person("where do I stand?")
    assert "There isn't enough information yet" in standing.text
    assert fact(standing) == "can_support"

    unsure = person("no idea tbh")
    assert (answers(unsure)["can_support"], fact(unsure)) == ("unsure", "english")

    stopped = person("let's stop here, I'll do it later")
    assert stopped.turn["interview"]["open"] is False
    assert person("what documents do I need?").turn["topic"] == "documents"
    resumed = person("continue where we left off")
    assert (fact(resumed), answers(resumed)["age"]) == ("english", 35)

    japanese = person("日本語でお願いします")
    assert (japanese.turn["language"], fact(japanese)) == ("ja", "english")
    assert "英語" in japanese.texts[-1]
    assert fact(person("はい")) == "chinese"


@pytest.mark.parametrize(
    ("language", "message"),
    [("ja", "このビザの審査にはどのくらいかかりますか？"),
     ("zh-Hant", "請問審批要等幾耐先有結果？"),
     ("zh-Hans", "请问这个审批一般需要多长时间？")],
)  # fmt: skip
def test_the_reply_follows_a_message_in_another_language(
    person: Say, language: str, message: str
) -> None:
    reach_support(person)

    said = person(message)

    assert said.turn["language"] == language
    assert fact(said) == "can_support"


def test_a_question_for_another_scheme_leaves_the_interview_where_it_is(person: Say) -> None:
    reach_support(person)

    said = person("and how long does TTPS take?")

    assert said.turn["scheme"] == "ttps"
    assert (said.turn["interview"]["scheme"], fact(said)) == ("qmas", "can_support")


def test_a_person_is_offered_at_any_time(person: Say) -> None:
    reach_support(person)

    assert person("I want to talk to a human").turn["handoff"] == "asked"
    assert fact(person("yes, I have savings")) == "english"


def test_nothing_is_lost_when_everything_is_killed(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        before = reach_support(lambda message: server.say("survivor", message))
        server.stop(how=signal.SIGKILL)
        server.start()

        after = server.say("survivor", "yes, I have savings")

    assert fact(after) == "english"
    assert answers(after) == {**answers(before), "can_support": True}


def make_old(server: Server, sender: str, hours: float) -> None:
    """Moves everything that was said into the past, as if that long had gone by."""
    with sqlite3.connect(server.folder / "rasa.db") as store:
        rows = store.execute("select id, data from events where sender_id = ?", [sender]).fetchall()
        for row, data in rows:
            event = json.loads(data)
            event["timestamp"] -= hours * 3600
            store.execute(
                "update events set timestamp = ?, data = ? where id = ?",
                [event["timestamp"], json.dumps(event), row],
            )
    store.close()


def sessions(server: Server, sender: str) -> int:
    with sqlite3.connect(server.folder / "rasa.db") as store:
        query = "select count(*) from events where sender_id = ? and type_name = 'session_started'"
        (count,) = store.execute(query, [sender]).fetchone()
    store.close()
    return int(count)


def test_a_new_session_remembers_the_answers(server: Server) -> None:
    before = reach_support(lambda message: server.say("returning", message))
    assert sessions(server, "returning") == 1
    make_old(server, "returning", hours=26)

    after = server.say("returning", "yes, I have savings")

    assert sessions(server, "returning") == 2
    assert fact(after) == "english"
    assert answers(after) == {**answers(before), "can_support": True}


def test_sessions_do_not_grow_with_those_before_them(server: Server) -> None:
    reach_support(lambda message: server.say("regular", message))
    sizes = []
    for _ in range(3):
        make_old(server, "regular", hours=26)
        server.say("regular", "hello")
        with sqlite3.connect(server.folder / "rasa.db") as store:
            (size,) = store.execute(
                "select count(*) from events where sender_id = 'regular' and id > (select max(id) "
                "from events where sender_id = 'regular' and type_name = 'session_started')"
            ).fetchone()
        store.close()
        sizes.append(size)

    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("text", ["/restart", "/session_start", "/back"])
def test_rasas_own_commands_lose_nothing(person: Say, text: str) -> None:
    before = reach_support(person)

    said = person(text)

    assert said.text.strip()
    kept = {name: value for name, value in answers(before).items() if name != "adverse_immigration"}
    assert kept.items() <= answers(said).items()
