"""The Telegram front end: a relay between Telegram and Rasa.

An update is stored (``inbox``), worked on in its chat's turn (``lanes``), decided (``routing``),
answered by Rasa (``rasa``) or by the relay itself (``wording``), written down (``outbox``) and
sent (``delivery``). It talks HTTP to Rasa and to Telegram and imports neither the schemes nor
the actions.
"""

import os

# python-telegram-bot's coming form of durations; the present one warns at every 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")
