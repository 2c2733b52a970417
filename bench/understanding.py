"""How well messages are understood: accuracy by language, out-of-scope, languages, speed.

    make bench-understanding

Trains on nlu/**, measures on the held-out messages of tests/nlu, and compares with two simpler
pipelines on the same data in the same run. Thresholds come from config.yml; they and the sharpness
were chosen on bench/dev, never on the held-out messages. Prints one table.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier

from nlu.intents import IntentModel, mask_schemes
from nlu.language import LANGUAGES, LanguageModel
from nlu.mentions import SchemeNames, load_names
from settings import ROOT

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Example:
    """A message with its right intent and language."""

    text: str
    intent: str
    language: str


def examples(folder: Path) -> list[Example]:
    """All messages of the NLU files below a folder."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            language = block["metadata"]["language"].replace("_", "-")
            lines = (line.strip() for line in block["examples"].splitlines())
            found += [
                Example(line[2:].strip(), block["intent"], language)
                for line in lines
                if line.startswith("- ")
            ]
    return found


def topics() -> set[str]:
    """The intents that are questions about the schemes."""
    return set(yaml.safe_load((ROOT / "schemes/data/topics.yml").read_text(encoding="utf-8")))


def thresholds() -> tuple[float, float]:
    """The fallback's threshold and ambiguity threshold in config.yml."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    fallback = next(part for part in pipeline if part["name"] == "FallbackClassifier")
    return fallback["threshold"], fallback["ambiguity_threshold"]


Ranker = Callable[[str], list[tuple[str, float]]]


def ours(train: list[Example]) -> Ranker:
    """The pipeline of config.yml."""
    names = SchemeNames(load_names(ROOT / "schemes/data"))
    model = IntentModel.train(
        [mask_schemes(e.text, names) for e in train], [e.intent for e in train]
    )
    return lambda text: model.rank(mask_schemes(text, names))


def characters(train: list[Example]) -> Ranker:
    """Character 1-4-grams in words, counts, logistic regression: Rasa's own components' way."""
    return _simple(CountVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2), train)


def words(train: list[Example]) -> Ranker:
    """Words (for Chinese and Japanese: single characters), TF-IDF, logistic regression."""
    pattern = r"[a-zA-Z0-9']+|[぀-ヿ一-鿿]"
    return _simple(TfidfVectorizer(token_pattern=pattern, ngram_range=(1, 2), min_df=2), train)


def _simple(vectoriser: Any, train: list[Example]) -> Ranker:
    matrix = vectoriser.fit_transform([e.text for e in train])
    regression = LogisticRegression(C=10, solver="liblinear", random_state=0)
    model = OneVsRestClassifier(regression).fit(matrix, [e.intent for e in train])
    names = [str(name) for name in model.classes_]

    def rank(text: str) -> list[tuple[str, float]]:
        values = model.predict_proba(vectoriser.transform([text]))[0]
        return sorted(zip(names, values, strict=True), key=lambda pair: -pair[1])

    return rank


@dataclass(frozen=True)
class Judged:
    """A held-out message with what came out of it."""

    example: Example
    intent: str
    answered: bool
    confidence: float


def judge(rank: Ranker, test: list[Example]) -> tuple[list[Judged], float]:
    """Every message judged, and the mean time of one in ms."""
    threshold, ambiguity = thresholds()
    began = time.perf_counter()
    judged = []
    for example in test:
        (intent, first), (_, second) = rank(example.text)[:2]
        answered = first >= threshold and first - second >= ambiguity
        judged.append(Judged(example, intent, answered, first))
    return judged, (time.perf_counter() - began) / len(test) * 1000


def figures(judged: list[Judged]) -> dict[str, float]:
    """The figures of one pipeline, in percent."""
    asked = topics()
    right = {
        language: np.mean(
            [j.intent == j.example.intent for j in judged if j.example.language == language]
        )
        for language in LANGUAGES
    }
    inside = [j for j in judged if j.example.intent != OUT_OF_SCOPE]
    outside = [j for j in judged if j.example.intent == OUT_OF_SCOPE]
    as_topic = [j.answered and j.intent in asked for j in outside]
    wrong = [j.answered and j.intent in asked and j.intent != j.example.intent for j in inside]
    turned_away = [j.answered and j.intent == OUT_OF_SCOPE for j in inside]
    return {
        **{language: 100 * value for language, value in right.items()},
        "all": 100 * np.mean([j.intent == j.example.intent for j in judged]),
        "macro-F1": 100
        * f1_score([j.example.intent for j in judged], [j.intent for j in judged], average="macro"),
        "out of scope not answered": 100 - 100 * np.mean(as_topic),
        "in scope turned away": 100 * np.mean(turned_away),
        "in scope asked back": 100 * np.mean([not j.answered for j in inside]),
        "confidently wrong": 100 * np.mean(wrong),
    }


def languages(train: list[Example], test: list[Example]) -> list[str]:
    """Lines on the language reader: whole messages and their beginnings."""
    model = LanguageModel.train([(e.text, e.language) for e in train])
    lines = []
    for size in (None, 6, 4, 2):
        for known in (False, True):
            began = time.perf_counter()
            right = [
                model.read(_beginning(e.text, size), e.language if known else None).code
                == e.language
                for e in test
            ]
            took = (time.perf_counter() - began) / len(test) * 1e6
            name = "whole" if size is None else f"first {size}"
            given = "conversation known" if known else "nothing known"
            lines.append(f"{name:<8} {given:<19} {100 * np.mean(right):5.1f} %  {took:4.0f} µs")
    return lines


def _beginning(text: str, size: int | None) -> str:
    """The first characters; for Latin script half as many words."""
    if size is None:
        return text
    latin = all(ord(character) < 0x2E80 for character in text)
    return " ".join(text.split()[: max(size // 2, 1)]) if latin else text[:size]


def confusions(judged: list[Judged], most: int = 25) -> list[str]:
    """The commonest mistakes: how often, right intent, what came out."""
    counts: dict[tuple[str, str], int] = {}
    for j in judged:
        if j.intent != j.example.intent:
            pair = (j.example.intent, j.intent)
            counts[pair] = counts.get(pair, 0) + 1
    worst = sorted(counts.items(), key=lambda item: -item[1])[:most]
    return [f"{count:3d}  {right} → {out}" for (right, out), count in worst]


def main() -> None:
    """Trains, measures, prints."""
    train, test = examples(ROOT / "nlu"), examples(ROOT / "tests/nlu")
    print(f"{len(train)} training examples, {len(test)} held-out messages\n")
    ours_judged: list[Judged] = []
    for name, pipeline in (("ours", ours), ("characters", characters), ("words", words)):
        began = time.perf_counter()
        rank = pipeline(train)
        took = time.perf_counter() - began
        judged, parse = judge(rank, test)
        ours_judged = ours_judged or judged
        shown = "  ".join(f"{key} {value:.1f}" for key, value in figures(judged).items())
        print(f"{name:<11} {shown}  training {took:.0f} s  parse {parse:.2f} ms")
    print("\nLanguages\n" + "\n".join(languages(train, test)))
    print("\nConfusions of ours\n" + "\n".join(confusions(ours_judged)))


if __name__ == "__main__":
    main()
