"""Initials as people type them."""

import pytest

from workflows.models import Unit, User
from workflows.pinyin import initials_of, initials_of_person


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("青澜市委组织部", "qlswzzb"), ("重庆市", "cqs"), ("长治县", "zzx"), ("银行监管局", "yhjgj"), ("第3中学（东区）", "d3zxdq"),
        ("A区", "aq"), ("", ""), ("·—", ""),
    ],
)  # fmt: skip
def test_names(name, initials):
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("name", "initials"), [("单晓解", "sxj"), ("曾解放", "zjf"), ("尉迟恭", "ycg"), ("区小平", "oxp"), ("王乐", "wl")]
)
def test_surnames_are_read_as_such(name, initials):
    assert initials_of_person(name) == initials


def test_whoever_writes_a_name_writes_its_initials():
    unit = Unit(code="X", name="青澜市", kind="prefecture_city")
    assert unit.initials == "qls"
    unit.name = "澜城区"
    assert unit.initials == "lcq"
    assert User(name="曾国平").initials == "zgp"
