"""Which intent a message has: TF-IDF of mixed n-grams and one-vs-rest linear classifiers.

Chosen by measurement (docs/understanding.md): words, their pairs and character n-grams for Latin
script, one- to three-character grams for Han and kana, Traditional folded to Simplified *for
features only*, so that what one script's examples teach helps the other; a scheme's name is one
token whatever it is, since any question can be asked about any scheme. The text of the message is
never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.mentions import SchemeNames
from nlu.scripts import fold_han, is_han, is_kana

# Inverse regularisation of the classifiers; from cross-validation on the training examples.
INVERSE_REGULARISATION = 1.0
# Turns margins into probabilities that mean something: softmax(SHARPNESS × margin); the value of
# least log loss on the development set (bench/dev, docs/understanding.md).
SHARPNESS = 7.0

Floats = np.ndarray[Any, np.dtype[np.float32]]

SCHEME_TOKEN = "qscheme"
FAMILY = "dependant"

_RUN = re.compile(r"[぀-ヿ一-鿿]+|[a-z0-9]+(?:'[a-z]+)?|[\U0001F300-\U0001FAFF☀-➿]")
_DIGITS = re.compile(r"\d+")


def fold(text: str) -> str:
    """The text as features see it: NFKC, lower case, Traditional as Simplified, digits as 0."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _DIGITS.sub("0", fold_han(text))


def mask_schemes(text: str, names: SchemeNames) -> str:
    """The text with every scheme's name replaced by one and the same token.

    The family's words stay: "dependant visa extension" is not asked like any scheme's extension.
    """
    for mention in reversed(names.find(text)):
        if mention.scheme == FAMILY:
            continue
        text = f"{text[: mention.start]} {SCHEME_TOKEN} {text[mention.end :]}"
    return text


def features(text: str) -> list[str]:
    """The n-grams of a message: CJK character 1–3-grams; Latin words, pairs and character grams."""
    grams: list[str] = []
    words: list[str] = []
    cjk: list[str] = []
    for run in _RUN.findall(fold(text)):
        if is_han(run[0]) or is_kana(run[0]):
            grams += _character_grams(run, 1, 3)
            cjk.append(run)
        else:
            words.append(run)
    if cjk:  # how a message begins and ends says most about what it asks
        grams += ["b:" + cjk[0][:2], "e:" + cjk[-1][-2:]]
    if words:
        grams += ["~" + gram for gram in _character_grams(f"_{'_'.join(words)}_", 2, 4)]
        grams += ["w:" + word for word in words]
        grams += [f"w:{a} {b}" for a, b in pairwise(words)]
        grams += [f"s:{a} {b}" for a, b in zip(words, words[2:], strict=False)]
        grams += ["b:" + words[0], "b:" + " ".join(words[:2])]
    return grams


def _character_grams(run: str, shortest: int, longest: int) -> list[str]:
    return [
        run[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(run) - size + 1)
    ]


@dataclass
class IntentModel:
    """A trained classifier; `weights` is intents × vocabulary, `bias` one value an intent."""

    intents: list[str]
    vocabulary: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Fits on texts and their intents (equally long; at least two different intents)."""
        vectoriser = TfidfVectorizer(
            analyzer=features, min_df=2, sublinear_tf=True, dtype=np.float32
        )
        matrix = vectoriser.fit_transform(texts)
        classifier = LinearSVC(C=INVERSE_REGULARISATION, random_state=0).fit(matrix, list(intents))
        return cls(
            intents=[str(intent) for intent in classifier.classes_],
            vocabulary={gram: int(index) for gram, index in vectoriser.vocabulary_.items()},
            idf=vectoriser.idf_.astype(np.float32),
            weights=np.ascontiguousarray(classifier.coef_, dtype=np.float32),
            bias=classifier.intercept_.astype(np.float32),
        )

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents, most likely first, with probabilities that add up to 1."""
        margins = self._margins(text) * SHARPNESS
        odds = np.exp(margins - margins.max())
        shares = odds / odds.sum()
        order = np.argsort(-shares)
        return [(self.intents[index], float(shares[index])) for index in order]

    def knows(self, text: str) -> bool:
        """Whether the message has any feature seen in training."""
        return any(gram in self.vocabulary for gram in features(text))

    def _margins(self, text: str) -> Floats:
        row = self._vector(features(text))
        return np.asarray(self.weights[:, row.indices] @ row.data + self.bias)

    def _vector(self, grams: Iterable[str]) -> csr_matrix:
        counts: dict[int, int] = {}
        for gram in grams:
            index = self.vocabulary.get(gram)
            if index is not None:
                counts[index] = counts.get(index, 0) + 1
        indices = np.fromiter(counts, dtype=np.int32, count=len(counts))
        tf = 1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        data = tf * self.idf[indices]
        norm = float(np.linalg.norm(data)) or 1.0
        return csr_matrix(
            (data / norm, indices, [0, len(indices)]), shape=(1, len(self.vocabulary))
        )
