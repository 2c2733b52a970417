"""The four languages of the desk, and Telegram's idea of a person's language."""

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")

LANGUAGE_NAMES = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文", "ja": "日本語"}
"""Each in its own language, as people look for it."""

TRADITIONAL = ("zh-hant", "zh-hk", "zh-tw", "zh-mo")


def seed(language_code: str | None, default: str) -> str:
    """The language to begin with, from Telegram's ``language_code``.

    :param language_code: an IETF tag of the person's app, or None where Telegram gave none
    :param default: used where there is no code; a code of another language gives English

    >>> seed("zh-hk", "en"), seed("zh", "en"), seed("ko", "ja"), seed(None, "ja")
    ('zh-Hant', 'zh-Hans', 'en', 'ja')
    """
    if not language_code:
        return default
    code = language_code.lower().replace("_", "-")
    if code.startswith(TRADITIONAL):
        return "zh-Hant"
    return {"zh": "zh-Hans", "ja": "ja"}.get(code.partition("-")[0], "en")
