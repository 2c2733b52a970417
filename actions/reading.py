"""Reads the answer to one interview question out of a turn; asks rather than guesses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.exchange import to_hkd
from actions.memory import UNSURE
from actions.subjects import is_about
from actions.turn import Turn
from schemes import Fact, FactError

# A word of an option found in a message counts from this probability of `affirm`, `deny` … on.
SURE_ENOUGH = 0.35


@dataclass(frozen=True)
class Answer:
    """A value that was read.

    taken_as: HK$ amount where another currency was given and converted, with the currency: the
        person is told, so that they can correct it.
    """

    value: Any
    foreign_amount: float | None = None
    foreign_currency: str | None = None


@dataclass(frozen=True)
class Doubt:
    """Something was said about the fact, but what it means has to be asked.

    reason: too_low, too_high (outside the bounds of belief), currency (no rate known), monthly
        (a month's pay where a year's is asked), or several (more than one value).
    """

    reason: str
    shown: str = ""


def read_answer(fact: Fact, turn: Turn) -> Answer | Doubt | None:
    """The answer to `fact` in this turn, a doubt to be asked about, or None where there is none."""
    raw = _pressed_value(fact, turn) if turn.pressed else _typed_value(fact, turn)
    if raw is None or isinstance(raw, Doubt):
        return raw
    answer = raw if isinstance(raw, Answer) else Answer(raw)
    try:
        fact.check(answer.value)
    except FactError as error:
        return Doubt(error.reason, str(answer.value))
    return answer


def _pressed_value(fact: Fact, turn: Turn) -> Any | None:
    if turn.intent == "not_sure":
        return UNSURE
    value = turn.entity("value")
    if value is None:
        return None
    if fact.type in ("whole_number", "years", "money"):
        return _number(str(value))
    return {"yes": True, "no": False}.get(value, value) if fact.type == "yes_no" else value


def _number(text: str) -> Any:
    if text == UNSURE:
        return UNSURE
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


def _typed_value(fact: Fact, turn: Turn) -> Any | None:
    readers = {
        "yes_no": _yes_no,
        "choice": _choice,
        "whole_number": _whole_number,
        "years": _years,
        "money": _money,
        "date": _date,
    }
    value = readers[fact.type](fact, turn)
    if value is None and fact.type in NOUGHT and _yes_no(fact, turn) is False:
        return 0
    return UNSURE if value is None and _unsure(turn) else value


# "None", 「沒有」 and 「ありません」 are nought where a quantity is asked.
NOUGHT = ("years", "money")


def _unsure(turn: Turn) -> bool:
    said = turn.entity("yes_no") == "unsure"
    return said or (turn.intent == "not_sure" and turn.confidence >= SURE_ENOUGH)


def _yes_no(fact: Fact, turn: Turn) -> Any | None:
    word = _word(turn)
    return word == "yes" if word and is_about(fact, turn.text) else None


def _word(turn: Turn) -> str | None:
    """Yes or no, as read or by the intent."""
    word = turn.entity("yes_no")
    if word in ("yes", "no"):
        return str(word)
    if turn.intent in ("affirm", "deny") and turn.confidence >= SURE_ENOUGH:
        return "yes" if turn.intent == "affirm" else "no"
    return None


def _choice(fact: Fact, turn: Turn) -> Any | None:
    """An option by its title or words, by degree or country, else by yes or no."""
    text = turn.text.casefold().strip(" .。!！?？")
    for option, titles in fact.options.items():
        if text in (title.casefold() for title in titles.values()):
            return option
    if fact.extract in ("degree", "scheme") and turn.entity(fact.extract) in fact.options:
        return turn.entity(fact.extract)
    found, denied = _by_words(fact, turn)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        return Doubt("several")
    if denied:
        return _by_token(fact, "yes_no:no")
    word = _word(turn) if is_about(fact, turn.text) else None
    if word in fact.options:
        return word
    return _by_token(fact, f"yes_no:{word}") if word in ("yes", "no") else None


def _by_words(fact: Fact, turn: Turn) -> tuple[list[str], bool]:
    """The options one of whose words the message holds, and whether any word was denied.

    A longer word hides those inside it; a denied one ("not related", 「合っていません」) counts
    for nothing.
    """
    country = turn.entity("country") if fact.extract == "country" else None
    if country:
        option = _by_token(fact, f"country:{country}") or _by_token(fact, "country:*")
        return ([option] if option else []), False
    text = turn.text.casefold()
    hits = {
        (option, word.casefold()): place
        for option in fact.options
        for word in (*fact.words.get(option, ()), *_long_titles(fact, option))
        if (place := _place(text, word.casefold())) is not None
    }
    longest = {
        (option, word): place
        for (option, word), place in hits.items()
        if not any(word != other and word in other for _, other in hits)
    }
    said = {option for (option, word), place in longest.items() if not _denies(text, place, word)}
    return sorted(said), bool(longest) and not said


# A title shorter than this ("No", 「是」) is part of too many other words.
SHORTEST_TITLE = {True: 4, False: 3}  # by whether it is ASCII


def _long_titles(fact: Fact, option: str) -> list[str]:
    titles = fact.options[option].values()
    return [title for title in titles if len(title) >= SHORTEST_TITLE[title.isascii()]]


_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|no|don't|doesn't|haven't|hasn't|isn't|never|without)(?:\s+an?)?|"
    r"[不唔没沒冇未無无]|没有|沒有|不是|唔係)\s*$"
)
_DENIED_AFTER = re.compile(
    r"(?:[はもがて]|では|じゃ)*(?:まだ)*(?:あり|い|お?持って|得て|受けて)*(?:ません|ない(?!しょう)|なし)"
)


def _denies(text: str, place: int, word: str) -> bool:
    before, after = text[:place], text[place + len(word) :]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after))


def _place(text: str, word: str) -> int | None:
    """Where a word stands; Latin words must stand alone, Chinese and Japanese ones anywhere."""
    start = text.find(word)
    while start >= 0:
        around = text[start - 1 : start] if start else "", text[start + len(word) :][:1]
        if not word.isascii() or not any(c.isascii() and c.isalnum() for c in around):
            return start
        start = text.find(word, start + 1)
    return None


def _by_token(fact: Fact, token: str) -> str | None:
    return next((option for option, words in fact.words.items() if token in words), None)


def _only(values: Sequence[Any]) -> Any | None:
    """The one value there is; a doubt where there are several different ones."""
    different = list(dict.fromkeys(values))
    if len(different) > 1:
        return Doubt("several")
    return different[0] if different else None


def _whole_number(fact: Fact, turn: Turn) -> Any | None:
    value = _only(turn.entities.get("age") or turn.entities.get("number", ()))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _years(fact: Fact, turn: Turn) -> Any | None:
    durations, numbers = turn.entities.get("duration", ()), turn.entities.get("number", ())
    return _only([*durations, *numbers]) if durations else _only(numbers)


def _money(fact: Fact, turn: Turn) -> Any | None:
    amounts = turn.entities.get("money", ())
    if not amounts:
        return _only(turn.entities.get("number", ()))
    money = amounts[0]
    if money["period"] == "month":
        return Doubt("monthly")
    if any(other != money for other in amounts):
        return Doubt("several")
    amount, currency = money["amount"], money["currency"] or "HKD"
    if currency == "HKD":
        return amount
    converted = to_hkd(amount, currency)
    if converted is None:
        return Doubt("currency", currency)
    return Answer(converted, foreign_amount=amount, foreign_currency=currency)


def _date(fact: Fact, turn: Turn) -> Any | None:
    return turn.entity("date")
