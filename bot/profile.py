"""What Telegram shows of the bot before a word is said: its commands and descriptions."""

import hashlib
import json
import logging

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.commands import COMMANDS, STAFF_COMMANDS
from bot.notes import Notes
from bot.wording import speaker

logger = logging.getLogger(__name__)

PROFILE_NOTE = "profile"

TELEGRAM_LANGUAGES = {"": "en", "zh": "zh-Hant", "ja": "ja"}
"""Telegram's two-letter codes and our languages. It has one Chinese for both scripts; the desk is
about Hong Kong, so that one is Traditional. Everybody else sees English ("" is the default)."""


async def register(bot: Bot, notes: Notes) -> bool:
    """Tell Telegram, unless it was told the same before; gives back whether it knows.

    Failing is no reason not to answer people: it is logged and tried at the next start.
    """
    wanted = {code: texts(language) for code, language in TELEGRAM_LANGUAGES.items()}
    fingerprint = hashlib.sha256(
        json.dumps([bot.token.partition(":")[0], wanted]).encode()
    ).hexdigest()
    if notes.get(PROFILE_NOTE) == fingerprint:
        return True
    try:
        for code, (commands, description, short) in wanted.items():
            await bot.set_my_commands([BotCommand(*pair) for pair in commands], language_code=code)
            await bot.set_my_description(description, language_code=code)
            await bot.set_my_short_description(short, language_code=code)
    except TelegramError as error:
        logger.warning("The bot's commands were not registered: %s.", type(error).__name__)
        return False
    notes.put(PROFILE_NOTE, fingerprint)
    return True


async def register_staff(bot: Bot, group_id: int, language: str) -> bool:
    """Have the staff's group show the staff's commands; gives back whether it does.

    Asked for at every start: the group may be another one, or the bot may be new in it.
    """
    say = speaker(language)
    commands = [BotCommand(name, say(f"staff_command_{name}")) for name in STAFF_COMMANDS]
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(group_id))
    except TelegramError as error:
        logger.warning("The staff's commands were not registered: %s.", type(error).__name__)
        return False
    return True


def texts(language: str) -> tuple[list[tuple[str, str]], str, str]:
    """Commands with their descriptions, the description, the short description."""
    say = speaker(language)
    commands = [(name, say(f"command_{name}")) for name in COMMANDS]
    return commands, say("description"), say("short_description")
