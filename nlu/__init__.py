"""Understanding: training examples by language, and the code that reads a message.

The modules of this folder are pure (no Rasa); `components/` is the thin Rasa glue around them.
"""
