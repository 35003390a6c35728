"""The command reads one path a line and answers with one JSON object a line."""

import json
import subprocess
import sys

import pytest

from revenge.library_scanner.names.languages import language


def test_every_line_has_its_answer() -> None:
    lines = b"Film (2000).mkv\n\ncaf\xe9 S01E02.mkv\nShow \xe2\x80\xae - 05.mkv"

    done = subprocess.run(
        [sys.executable, "-m", "revenge.library_scanner.names"],
        input=lines,
        capture_output=True,
        timeout=60,
        check=True,
    )

    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [answer["title"] for answer in answers] == ["Film", "", "caf\ufffdE9", "Show"]
    assert answers[2]["episodes"] == [2]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("en", "eng"),
        ("GER", "deu"),
        ("German", "deu"),
        ("Español", "spa"),
        ("pt-br", "pt-BR"),
        ("zh-hant", "zh-Hant"),
        ("es-419", "es-419"),
        ("chs", "zh-Hans"),
        ("sc", "zh-Hans"),
        ("big5", "zh-Hant"),
        ("zho-Hant", "zh-Hant"),
        ("spa-419", "es-419"),
        ("sr-Latn", "sr-Latn"),
        ("xx", None),
        ("title", None),
        ("no-way", None),
    ],
)
def test_a_language_has_many_names(word: str, code: str | None) -> None:
    assert language(word) == code
