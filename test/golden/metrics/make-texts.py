"""Writes texts.json: 300 pairs of an answer and references in nine languages.

Most are messages that Django translates into two related languages (es and es_AR, pt and pt_BR, zh_Hans and zh_Hant,
sr and sr_Latn, nb and nn), whose translations are close and not equal. The rest are texts of our own.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install -r test/golden/metrics/requirements.txt
    /tmp/golden/bin/python test/golden/metrics/make-texts.py
    /tmp/golden/bin/python test/golden/metrics/make-scores.py
"""

import gettext
import json
import random
from pathlib import Path

import django

HERE = Path(__file__).parent
APPS = Path(django.__file__).parent
SIBLINGS = [
    ("es", "es_AR", 45),
    ("pt", "pt_BR", 45),
    ("zh_Hans", "zh_Hant", 40),
    ("sr", "sr_Latn", 30),
    ("nb", "nn", 45),
]


def read_catalogue(language):
    messages = {}
    for path in sorted(APPS.glob(f"**/locale/{language}/LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            for key, text in gettext.GNUTranslations(file)._catalog.items():
                if isinstance(key, str) and key and isinstance(text, str) and text:
                    messages.setdefault(key, text)
    return messages


def related_pairs():
    for one, other, count in SIBLINGS:
        first, second = read_catalogue(one), read_catalogue(other)
        usable = sorted(key for key in first if key in second and first[key] != second[key])
        random.Random(11).shuffle(usable)
        # long messages say more, so most are sentences; every fifth is taken as it comes
        long = [key for key in usable if len(key) > 40]
        some = usable[: count // 5]
        for key in (some + [key for key in long if key not in some])[:count]:
            yield {"language": one, "answer": first[key], "references": [second[key]]}


def main():
    pairs = list(related_pairs())
    pairs += json.loads((HERE / "own-texts.json").read_text("utf-8"))
    for number, pair in enumerate(pairs, 1):
        pair["id"] = str(number)
    keys = ("id", "language", "answer", "references")
    lines = [json.dumps({key: pair[key] for key in keys}, ensure_ascii=False) for pair in pairs]
    (HERE / "texts.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
    print(len(pairs), "pairs")


if __name__ == "__main__":
    main()
