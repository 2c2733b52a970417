"""Corrections become examples once, accepted by a person, and never from a held-out test."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from review import examples
from review.database import open_reviews
from review.examples import Example, add, candidates, choose, corrected, offered, plain
from tests.review.conftest import Conversations


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one known example and one held-out message."""
    for name, text in (("nlu/en/fees.yml", "How much is it?"), ("tests/nlu/en.yml", "the price")):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True)
        path.write_text(
            f'version: "3.1"\nnlu:\n- intent: fees\n  examples: |\n    - {text}\n', "utf-8"
        )
    (tmp_path / "project/nlu/zh_Hant").mkdir()
    return tmp_path / "project"


def correct(conversations: Conversations, text: str, language: str, intent: str) -> None:
    reviews = open_reviews(conversations.folder / "reviews.db")
    for (message,) in conversations.rows("SELECT id FROM messages WHERE text = ?", text):
        reviews.execute(
            "INSERT OR REPLACE INTO labels VALUES (?, 1, ?, ?, 'ada', 0)",
            [message, language, intent],
        )
    reviews.close()


def example(text: str, message: int = 1, language: str = "en", intent: str = "fees") -> Example:
    return Example(message, text, language, intent)


def test_only_typed_messages_that_were_understood_wrongly_count(
    conversations: Conversations,
) -> None:
    conversations.turn("wrong intent")
    conversations.turn("wrong language")
    conversations.turn("right")
    conversations.turn("pressed", pressed=True)
    conversations.turn("nobody looked")
    correct(conversations, "wrong intent", "en", "documents")
    correct(conversations, "wrong language", "ja", "fees")
    correct(conversations, "right", "en", "fees")
    correct(conversations, "pressed", "en", "documents")

    found = [(e.text, e.language, e.intent) for e in corrected(conversations.folder)]

    assert found == [("wrong intent", "en", "documents"), ("wrong language", "ja", "fees")]


def test_what_an_example_or_a_test_says_already_is_not_offered(project: Path) -> None:
    found = [
        example("how much is it", 1),
        example("The price!", 2),
        example("費用幾多", 3),
        example("费用几多？", 4),
        example("turned down before", 5),
        example("…", 6),
        example("x" * 301, 7),
        example("[phone]", 8),
    ]

    assert [e.message for e in candidates(found, {5}, project)] == [3]


def test_accepted_examples_are_written_as_training_data(project: Path) -> None:
    add([example("what [is] it: {a} / b?"), example("- 費用\n幾多", 2, "zh-Hant")], project)
    add([example("another [phone] one"), example("papers?", 3, intent="documents")], project)

    written = yaml.safe_load((project / "nlu/en/reviewed.yml").read_text("utf-8"))
    assert written["nlu"] == [
        {"intent": "documents", "metadata": {"language": "en"}, "examples": "- papers?\n"},
        {
            "intent": "fees",
            "metadata": {"language": "en"},
            "examples": "- what is it: a / b?\n- another one\n",
        },
    ]
    assert examples.read(project / "nlu/zh_Hant/reviewed.yml") == {"fees": ["費用 幾多"]}


@pytest.mark.parametrize(
    ("answers", "decided"),
    [
        ("yny", [True, False, True]),
        ("na", [False, True, True]),
        ("yq", [True]),
    ],
)
def test_a_person_is_asked_about_each(answers: str, decided: list[bool]) -> None:
    said = iter(answers)
    found = [example(str(number), number) for number in range(3)]

    assert [yes for _, yes in choose(found, lambda question: next(said))] == decided


def test_a_run_trains_compares_and_asks_nothing_twice(
    conversations: Conversations,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    conversations.turn("call me at 9123 4567 about papers")
    correct(conversations, "call me at [phone] about papers", "en", "documents")

    def model(root: Path) -> Path:
        return Path("after" if (root / "nlu/en/reviewed.yml").exists() else "before")

    def parse(model: Path, texts: list[str], root: Path) -> list[dict[str, Any]]:
        return [{"intent": "documents" if model.name == "after" else "fees"} for _ in texts]

    monkeypatch.setattr(examples, "model_of_today", model)
    monkeypatch.setattr("review.accuracy.parse", parse)

    status = examples.run(conversations.folder, accept_all=True, train=True, root=project)

    assert status == 0
    said = capsys.readouterr().out
    assert "Wrote nlu/en/reviewed.yml" in said
    assert "en       0 % before, 100 % after (of 1)" in said
    assert offered(conversations.folder) == {1}
    examples.run(conversations.folder, accept_all=True, train=True, root=project)
    assert "none of them is new" in capsys.readouterr().out


def test_a_run_without_a_terminal_accepts_nothing_by_itself(
    conversations: Conversations, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conversations.turn("papers")
    correct(conversations, "papers", "en", "documents")

    assert examples.run(conversations.folder, accept_all=False, train=False, root=project) == 1
    assert "--accept-all" in capsys.readouterr().out
    assert not (project / "nlu/en/reviewed.yml").exists()


def test_the_same_question_in_either_script_is_the_same() -> None:
    assert plain("優才計劃，要[多久](x)？") == plain("优才计划 要多久")
