"""Every file of the corpus: what is refused is refused in Chinese and in bounded time, what is sound works."""

from collections import Counter
from typing import Any

import pytest

from tests.attacks.attack import CORPUS, Attack, attacks

ALL = attacks()
ONLY_CHECKED = ("timer", "duration")


def _case(attack: Attack) -> Any:
    return pytest.param(attack, id=attack.file)


def is_chinese(sentence: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in sentence) and "Traceback" not in sentence


@pytest.mark.parametrize("attack", [_case(a) for a in ALL if a.expect == "refused_at_check"])
def test_refused_at_check_and_at_run(attack: Attack) -> None:
    outcome = attack.run()
    assert outcome["refused"]
    assert all(is_chinese(sentence) and len(sentence) < 400 for sentence in outcome["refused"])
    if attack.kind in ("expression", "script") and attack.slot not in ONLY_CHECKED:
        assert is_chinese(outcome["stopped"])
        assert outcome.get("unchanged", True)


@pytest.mark.parametrize("attack", [_case(a) for a in ALL if a.expect == "contained_at_run"])
def test_contained_at_run(attack: Attack) -> None:
    outcome = attack.run()
    assert outcome["refused"] == []
    assert is_chinese(outcome["stopped"])
    assert outcome.get("unchanged", True)


@pytest.mark.parametrize("attack", [_case(a) for a in ALL if a.expect.startswith("benign")])
def test_benign_passes_with_its_value(attack: Attack) -> None:
    outcome = attack.run()
    assert outcome["refused"] == []
    if attack.expect == "benign":
        assert outcome["value"] == attack.value


def test_the_corpus_is_whole() -> None:
    listed = {attack.file for attack in attacks()}
    stored = {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*") if path.is_file()} - {"manifest.json"}
    expected = Counter(attack.expect.split("_")[0] for attack in attacks())
    assert listed == stored
    assert len(listed) >= 150
    assert expected["benign"] >= 30
