"""The dialogue: thin rasa-sdk actions around pure functions that decide what to say.

actions.py is all that Rasa sees; answering, interview, outcome and talk decide; desk, turn and
memory are what they work with; the rules of the schemes come from `schemes`.
"""
