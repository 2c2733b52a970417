from __future__ import annotations

from pathlib import Path

import pytest

from nlu.mentions import Mention, SchemeNames, load_names
from tests.typed import scheme_names


def found(text: str) -> list[str]:
    return [mention.scheme for mention in scheme_names().find(text)]


@pytest.mark.parametrize(
    ("text", "schemes"),
    [
        ("What is ASMTP?", ["asmtp"]), ("asmtp", ["asmtp"]), ("ＱＭＡＳって何", ["qmas"]),
        ("專才計劃", ["asmtp"]), ("专才", ["asmtp"]), ("優才", ["qmas"]), ("优才计划", ["qmas"]),
        ("優秀人材制度", ["qmas"]), ("高才通", ["ttps"]), ("高才B類", ["ttps"]),
        ("top talent pass", ["ttps"]), ("the general employment policy", ["gep"]),
        ("Quality Migrant Admission Scheme", ["qmas"]), ("IANG簽證", ["iang"]),
        ("非本地畢業生留港", ["iang"]), ("TechTAS", ["techtas"]), ("受養人簽證", ["dependant"]),
        ("ASMTP vs QMAS", ["asmtp", "qmas"]), ("优才和高才有什么区别", ["qmas", "ttps"]),
    ],
)  # fmt: skip
def test_schemes_are_found_by_any_of_their_names(text: str, schemes: list[str]) -> None:
    assert found(text) == schemes


@pytest.mark.parametrize("text", ["", "tips for a visa", "language", "人才清單", "gepard", "diang"])
def test_what_names_no_scheme_names_none(text: str) -> None:
    assert found(text) == []


def test_positions_are_those_of_the_original_text() -> None:
    text = "請問　ＱＭＡＳ　要幾耐"

    (mention,) = scheme_names().find(text)

    assert text[mention.start : mention.end] == "ＱＭＡＳ"


def test_the_longest_name_wins_where_one_contains_another() -> None:
    names = SchemeNames({"talent": "a", "talent pass": "b"})

    assert names.find("a talent pass") == [Mention("b", 2, 13)]


def test_an_alias_of_two_schemes_is_refused_by_name(tmp_path: Path) -> None:
    for scheme in ("one", "two"):
        (tmp_path / scheme).mkdir()
        text = f"id: {scheme}\naliases: {{en: [same]}}\n"
        (tmp_path / scheme / "scheme.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match="'same' already names 'one'"):
        load_names(tmp_path)
