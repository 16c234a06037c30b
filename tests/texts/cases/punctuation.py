"""Cases of what stands between words, each as it stands in a sentence."""

from __future__ import annotations

from functools import partial

from bot.texts.punctuation import in_quotes, joined_sentences, labelled, noted, with_commas
from tests.texts.cases.case import Cases

CASES: Cases = {
    labelled: {"a rule": partial(labelled, "**Model**", "Sora 2")},
    with_commas: {
        "three": partial(with_commas, ["Sora 2", "Wan", "Vidu"]),
        "one": partial(with_commas, ["Sora 2"]),
        "none": partial(with_commas, []),
    },
    joined_sentences: {"the second is empty": partial(joined_sentences, "⟨1⟩", "", "⟨3⟩")},
    noted: {"a server": partial(noted, "lighthouse", "`5`")},
    in_quotes: {"a model": partial(in_quotes, "Sora 2")},
}
