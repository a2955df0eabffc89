"""Writes scores.json: what the packages that define the metrics score for the pairs of texts.json. See make-texts.py."""

import collections
import json
import re
import string
from pathlib import Path

from nltk.stem.porter import PorterStemmer
from nltk.translate.meteor_score import meteor_score
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF, TER

HERE = Path(__file__).parent

SACREBLEU = {
    "bleu": (BLEU, {}),
    "bleu:tokenize=intl": (BLEU, {"tokenize": "intl"}),
    "bleu:tokenize=zh": (BLEU, {"tokenize": "zh"}),
    "bleu:tokenize=char": (BLEU, {"tokenize": "char"}),
    "bleu:tokenize=none": (BLEU, {"tokenize": "none"}),
    "bleu:lowercase": (BLEU, {"lowercase": True}),
    "chrf": (CHRF, {}),
    "chrf:lowercase:whitespace": (CHRF, {"lowercase": True, "whitespace": True}),
    "chrfpp": (CHRF, {"word_order": 2}),
    "ter": (TER, {}),
    "ter:caseSensitive": (TER, {"case_sensitive": True}),
}
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]


class EmptyWordNet:
    def synsets(self, _word):
        return []


def squad_tokens(text):
    """normalize_answer of SQuAD's evaluate-v2.0.py, then split."""
    text = "".join(letter for letter in text.lower() if letter not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", text, flags=re.UNICODE).split()


def squad_f1(answer, reference):
    """compute_f1 of SQuAD's evaluate-v2.0.py."""
    gold, predicted = squad_tokens(reference), squad_tokens(answer)
    common = sum((collections.Counter(gold) & collections.Counter(predicted)).values())
    if not gold or not predicted:
        return float(gold == predicted)
    if common == 0:
        return 0.0
    precision, recall = common / len(predicted), common / len(gold)
    return 2 * precision * recall / (precision + recall)


def levenshtein(one, other):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def sentence_scores(pair):
    answer, references = pair["answer"], pair["references"]
    scores = {}
    for name, (kind, options) in SACREBLEU.items():
        effective = {"effective_order": True} if kind is BLEU else {}
        scores[name] = kind(**options, **effective).sentence_score(answer, references).score
    for stemmer in (False, True):
        found = rouge_scorer.RougeScorer(ROUGE, use_stemmer=stemmer).score_multi(references, answer)
        for name in ROUGE:
            scores[name + (":stemmer" if stemmer else "")] = float(found[name].fmeasure)
    words = [reference.split() for reference in references]
    scores["meteor"] = meteor_score(words, answer.split(), wordnet=EmptyWordNet())
    scores["tokenF1"] = max(squad_f1(answer, reference) for reference in references)
    scores["levenshtein"] = min(levenshtein(answer, reference) for reference in references)
    scores["wordCount"] = len(answer.split())
    return scores


def corpus_scores(pairs):
    most = max(len(pair["references"]) for pair in pairs)
    padded = [pair["references"] + [None] * (most - len(pair["references"])) for pair in pairs]
    streams = [list(stream) for stream in zip(*padded)]
    corpus = {}
    for name, (kind, options) in SACREBLEU.items():
        metric = kind(**options)
        score = metric.corpus_score([pair["answer"] for pair in pairs], streams).score
        corpus[name] = {"value": score, "signature": str(metric.get_signature())}
    return corpus


def stems(pairs):
    words = {word for pair in pairs for text in [pair["answer"], *pair["references"]] for word in text.split()}
    words.update(json.loads((HERE / "words.json").read_text("utf-8")))
    stemmer = PorterStemmer()
    return {word: stemmer.stem(word) for word in sorted(words)}


def main():
    pairs = json.loads((HERE / "texts.json").read_text("utf-8"))
    one = [pair for pair in pairs if len(pair["references"]) == 1]
    rows = [json.dumps({"id": pair["id"], "scores": sentence_scores(pair)}) for pair in pairs]
    parts = [
        '"rows": [\n' + ",\n".join(rows) + "\n]",
        '"corpus": ' + json.dumps(corpus_scores(pairs), indent=1),
        '"corpusOfOneReference": ' + json.dumps(corpus_scores(one), indent=1),
        '"stems": ' + json.dumps(stems(pairs), ensure_ascii=False),
    ]
    (HERE / "scores.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
