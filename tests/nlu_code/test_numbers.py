from __future__ import annotations

import unicodedata

import pytest

from nlu.numbers import find_numerals


def values(text: str) -> list[tuple[float, ...]]:
    return [numeral.values for numeral in find_numerals(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("32", 32), ("3.5", 3.5), ("1,200,000", 1_200_000), ("-3", -3), ("１２", 12),
        ("900k", 900_000), ("1.5m", 1_500_000), ("80w", 800_000), ("15 lakh", 1_500_000),
        ("two crore", 2), ("2bn", 2e9),
        ("thirty-two", 32), ("one hundred and five", 105), ("two thousand", 2000),
        ("a million", 1e6), ("half a million", 5e5), ("five and a half", 5.5), ("zero", 0),
        ("三十二", 32), ("廿八", 28), ("卅", 30), ("一百零五", 105), ("两", 2), ("兩", 2),
        ("八十万", 800_000), ("八十萬", 800_000), ("三万五", 35_000), ("一億", 1e8),
        ("二〇二三", 2023), ("十五", 15), ("百万", 1e6),
        ("80万", 800_000), ("80 萬", 800_000), ("3万5", 35_000), ("1万5000", 15_000),
        ("1億2千万", 120_000_000), ("1千5百万", 15_000_000), ("1.2百万", 1_200_000),
        ("ゼロ", 0),
    ],
)  # fmt: skip
def test_one_number_is_read_whatever_it_is_written_with(text: str, value: float) -> None:
    assert values(unicodedata.normalize("NFKC", text)) == [(value,)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5-6", 5, 6), ("5~6", 5, 6), ("5 to 6", 5, 6), ("five or six", 5, 6),
        ("between 4 and 6", 4, 6), ("5、6", 5, 6), ("3到5", 3, 5), ("80-100万", 800_000, 1_000_000),
        ("900k-1.2m", 900_000, 1_200_000), ("五六", 5, 6), ("兩三", 2, 3), ("三五", 3, 5),
        ("十五六", 15, 16), ("三四十万", 300_000, 400_000), ("八十至一百萬", 800_000, 1_000_000),
    ],
)  # fmt: skip
def test_a_range_is_one_numeral_with_two_ends(text: str, low: float, high: float) -> None:
    assert values(text) == [(low, high)]


@pytest.mark.parametrize("text", ["", "no numbers", "someone", "tension", "often", "万一的话", "…"])
def test_what_is_no_number_gives_none(text: str) -> None:
    assert values(text) == []


def test_two_numbers_with_words_between_stay_two() -> None:
    assert values("32 years old, 7 in banking") == [(32.0,), (7.0,)]


def test_positions_are_those_of_the_text() -> None:
    (numeral,) = find_numerals("about 80万 a year")

    assert (numeral.start, numeral.end, numeral.digits) == (6, 9, "80万")
    assert numeral.scaled
