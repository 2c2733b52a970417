"""Whether a message asks something, by its form alone: marks, question words, particles."""

from __future__ import annotations

import re
import unicodedata

_ENGLISH = re.compile(
    r"^\W*(?:(?:and|but|so|also|ok|okay|hi|hello|sorry|please|pls|wait)\W+)*"
    r"(?:what|whats|how|hows|when|where|who|whose|which|why|can|could|do|does|did|is|are|am|will|"
    r"would|should|may|must|shall|tell\s+me|explain)\b"
    r"|\b(?:how\s+(?:much|many|long|do|can)|what\s+(?:is|are|if|about|does)|i\s+want\s+to\s+know|"
    r"wondering|can\s+i|do\s+i|is\s+(?:it|there)|tell\s+me|whether)\b"
)
_CHINESE = re.compile(
    r"[吗嗎咩]|[呢]$|什么|什麼|甚麼|怎[么麼样樣]|點樣|点样|點解|点解|為何|为何|为什么|為什麼|多久|多少|"
    r"幾耐|几耐|幾多|几多|幾錢|几钱|哪[里裏裡个個些]|[邊边][度個个]|請問|请问|想問|想问|想知|是否|可否|能否|有冇|"
    r"(.)[不没沒唔]\1|有[没沒]有|算唔算|使唔使"
)
_JAPANESE = re.compile(
    r"か[。.\s]*$|の[？?]|何[がをにの年月日人]|なに|なん(?:です|で)|いつ|どこ|どう|どの|どれ|いくら|"
    r"なぜ|教えて|知りたい|聞きたい|ください"
)


def asks(text: str) -> bool:
    """Whether the message has the form of a question in any of the four languages."""
    text = unicodedata.normalize("NFKC", text).strip().lower()
    if text.endswith("?"):
        return True
    return any(pattern.search(text) for pattern in (_ENGLISH, _CHINESE, _JAPANESE))
