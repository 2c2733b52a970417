"""A Telegram of our own on loopback: a strict Bot API server, a chat page and a test client.

`python -m sandbox` serves it; tests use `sandbox.client.Sandbox.start()`. Nothing here talks to
Telegram, and nothing here imports the bot: the two meet over HTTP only.
"""
