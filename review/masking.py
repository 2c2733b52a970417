"""Masks what identifies a person: identity cards, passports, phone numbers, e-mail addresses.

Conversations about visas are full of other numbers, and a log without those is useless: years,
amounts, form numbers (ID 990A) and the phone numbers of offices stay as they are. Where a number
may be either, it is masked, save where a currency, a date or a row of noughts speaks against it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

HKID, PRC_ID, PASSPORT = "[HKID]", "[PRC ID]", "[passport]"
PHONE, EMAIL, NUMBER = "[phone]", "[e-mail]", "[number]"
MASKS = (HKID, PRC_ID, PASSPORT, PHONE, EMAIL, NUMBER)

OFFICIAL_PHONES = frozenset({"28246111", "28771111", "28247111"})
"""The Immigration Department's lines, known even without the rules' database."""

OFFICIAL_MAIL = re.compile(r"@(?:[\w-]+\.)*(?:gov\.hk|gov\.cn|go\.jp)$", re.IGNORECASE)

CURRENCY_BEFORE = re.compile(
    r"(?:[$¥€£]|hkd|usd|rmb|cny|jpy|dollars?|港[幣币元]|人民[幣币]|日[圓元]|円)\s*$", re.IGNORECASE
)
AMOUNT_AFTER = re.compile(
    r"\s*(?:元|円|圓|塊|块|蚊|[萬万億亿]|港|人民|hk|usd|rmb|cny|jpy|yen\b|dollars?|million|%)",
    re.IGNORECASE,
)
CURRENCY_LETTERS = ("HK", "US", "NT", "CN", "JP")
"""``HK1500000`` is an amount, not a travel document."""

DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?){2}")
MANY_NOUGHTS = re.compile(r"\d+0000")

ASCII_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
HAN_DIGITS = {ord(han): str(digit) for digit, han in enumerate("〇一二三四五六七八九")}
FORMS = {**ASCII_FORMS, **HAN_DIGITS, ord("零"): "0", ord("‐"): "-", ord("–"): "-"}
"""One character for one, so that a place found in the copy is the same place in the text."""

START, END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
FREE = r"(?<![A-Za-z0-9.,])"
"""Before a phone number: it is no part of a longer number or amount."""

Judge = Callable[[re.Match[str]], str | None]


class Masker:
    """Masks texts; phone numbers and addresses in ``kept`` are everybody's and stay.

    :param kept: in any notation; digits count for phones, lower case for e-mail
    """

    def __init__(self, kept: Iterable[str] = ()) -> None:
        kept = list(kept)
        self.kept_phones = OFFICIAL_PHONES | {national(value) for value in kept}
        self.kept_mail = {value.strip().casefold() for value in kept if "@" in value}
        self.rules: tuple[tuple[re.Pattern[str], Judge], ...] = (
            (EMAIL_FORM, self._email),
            (PRC_FORM, lambda _: PRC_ID),
            (NAMED_PASSPORT, lambda _: PASSPORT),
            (HKID_FORM, hkid),
            (PASSPORT_FORM, passport),
            (CARD_FORM, lambda _: NUMBER),
            *((form, self._phone) for form in PHONE_FORMS),
        )

    def __call__(self, text: str) -> str:
        """The text with a word in brackets for each thing that identifies."""
        for form, judge in self.rules:
            text = replace(form, judge, text)
        return text

    def value(self, value: Any) -> Any:
        """The same for what a message was understood to say: lists, mappings, numbers."""
        if isinstance(value, dict):
            return {key: self.value(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        if isinstance(value, str):
            return self(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            masked = self(f"{value:.0f}")
            return masked if masked in MASKS else value
        return value

    def _email(self, found: re.Match[str]) -> str | None:
        address = found[0].casefold()
        return None if address in self.kept_mail or OFFICIAL_MAIL.search(address) else EMAIL

    def _phone(self, found: re.Match[str]) -> str | None:
        if national(found[0]) in self.kept_phones or is_amount(found):
            return None
        return PHONE


def replace(form: re.Pattern[str], judge: Judge, text: str) -> str:
    """The text with what the form finds and the judge condemns replaced.

    Where the form names a part (``who``), only that part is.
    """
    parts, done = [], 0
    for found in form.finditer(text.translate(FORMS)):
        mask = judge(found)
        if mask is not None:
            start, end = found.span(found.lastgroup or 0)
            parts += [text[done:start], mask]
            done = end
    return "".join([*parts, text[done:]])


def national(phone: str) -> str:
    """The digits of a phone number, without Hong Kong's or the Mainland's own prefix."""
    digits = re.sub(r"\D", "", phone)
    return re.sub(r"^(?:00)?(?:852(?=\d{8}$)|86(?=1\d{10}$))", "", digits)


def is_amount(found: re.Match[str]) -> bool:
    """Whether the surroundings or the digits say money, a date or two years."""
    text, digits = found.string, re.sub(r"\D", "", found[0])
    if found[0].startswith("+"):
        return False
    bare = found[0].strip()
    return bool(
        CURRENCY_BEFORE.search(text, max(found.start() - 8, 0), found.start())
        or AMOUNT_AFTER.match(text, found.end())
        or DATE.fullmatch(bare)
        or YEARS.fullmatch(bare)
        or (bare == digits and MANY_NOUGHTS.fullmatch(digits))
    )


EMAIL_FORM = re.compile(r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+", re.A)

# Six digits of the place, the birthday, three of the row, a check digit; 15 digits until 1999.
PRC_FORM = re.compile(
    rf"{START}[1-9]\d{{5}}[ -]?(?:(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?"
    rf"\d{{3}}[\dXx]|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}){END}"
)

HKID_FORM = re.compile(
    rf"{START}([A-Za-z]{{1,2}})[ -]?(\d{{6}})(?: ?\( ?([0-9Aa]) ?\)|[ -]?([0-9Aa]){END}|{END})"
)

PASSPORT_WORDS = r"passport|travel document|護照|护照|旅券|パスポート|通行[證证]|旅行[證证]件"
NAMED_PASSPORT = re.compile(
    rf"(?:{PASSPORT_WORDS})\s*(?:number|no\.?|num|[號号][碼码]?|番号)?\s*(?:is|are|係|是|为|為|は|が)?"
    rf"[\s:#]*{START}(?P<who>[A-Za-z]{{0,2}}\d{{6,9}}){END}",
    re.IGNORECASE,
)
PASSPORT_FORM = re.compile(rf"{START}([A-Za-z]{{1,2}}) ?(\d{{7,8}}){END}")

PHONE_FORMS = tuple(
    re.compile(form)
    for form in (
        # With a country's code, or the sign before one.
        r"(?<!\w)\+\d{1,3}[\s-]?(?:\(\d{1,4}\)|\d)(?:[\s-]?\d){5,13}(?!\d)",
        rf"{FREE}00\d(?:[\s-]?\d){{8,14}}{END}",
        rf"{FREE}\(?852\)?[\s-]?[2-9]\d{{3}}[\s-]?\d{{4}}{END}",
        # Mainland mobiles; Japanese and Mainland numbers with their nought.
        rf"{FREE}(?:86[\s-]?)?1[3-9]\d[\s-]?\d{{4}}[\s-]?\d{{4}}{END}",
        rf"{FREE}\(?0\d{{1,3}}\)?[\s-]?\d{{2,4}}[\s-]?\d{{4}}{END}",
        rf"{FREE}0\d{{2,3}}[\s-]?\d{{7,8}}{END}",
        # Other countries' usual groups.
        rf"{FREE}(?:\(\d{{3}}\) ?|\d{{3}}[-.])\d{{3}}[-. ]\d{{4}}{END}",
        # Hong Kong's eight digits.
        rf"{FREE}[2-9]\d{{3}}[\s-]?\d{{4}}(?![A-Za-z0-9]|[.,]\d)",
    )
)

CARD_FORM = re.compile(rf"{FREE}\d{{4}}(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?{END}")
"""Bank cards and accounts: no amount is that long."""


def hkid(found: re.Match[str]) -> str | None:
    """A card's number: bracketed, with a right check digit, or one letter and six digits."""
    letters, digits = found[1].upper(), found[2]
    if found[3]:
        return HKID
    if found[4]:
        right = letters not in CURRENCY_LETTERS and check_digit(letters, digits) == found[4].upper()
        return HKID if right else None
    return HKID if len(letters) == 1 and not MANY_NOUGHTS.fullmatch(digits) else None


def check_digit(letters: str, digits: str) -> str:
    """The digit in brackets that these letters and digits call for.

    >>> check_digit("A", "123456")
    '3'
    """
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters]
    values += [int(digit) for digit in digits]
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True))
    rest = -total % 11
    return "A" if rest == 10 else str(rest)


def passport(found: re.Match[str]) -> str | None:
    """Letters and digits of a travel document, unless the letters are a currency's."""
    return None if found[1].upper() in CURRENCY_LETTERS else PASSPORT
