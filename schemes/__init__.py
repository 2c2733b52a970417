"""The rules of Hong Kong's talent admission schemes: data, logic, and nothing of the dialogue.

Everything starts with `Rules.open("build/schemes.db")`; `python -m schemes --help` shows the rest.
"""

from .answers import Answer
from .assess import Assessment, CriterionResult, Outcome
from .criteria import Verdict
from .errors import DataError, FactError, RulesError, SchemesError
from .facts import UNSURE, Fact
from .languages import LANGUAGES
from .model import GENERAL, Firm, Scheme, Source, Topic
from .papers import DocumentGroup, Procedure
from .rules import Rules
from .search import Hit

__all__ = [
    "GENERAL",
    "LANGUAGES",
    "UNSURE",
    "Answer",
    "Assessment",
    "CriterionResult",
    "DataError",
    "DocumentGroup",
    "Fact",
    "FactError",
    "Firm",
    "Hit",
    "Outcome",
    "Procedure",
    "Rules",
    "RulesError",
    "Scheme",
    "SchemesError",
    "Source",
    "Topic",
    "Verdict",
]
