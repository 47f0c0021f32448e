"""Decision cells: one tree over the input, whatever the cell says."""

import pytest

from workflows.engine.language import LanguageError, matches

DATA = {"amount": 120, "level": "重大", "limit": 100, "nothing": None}


@pytest.mark.parametrize(
    ("cell", "input_text", "fits"),
    [
        (">= 100", "amount", True),
        ("> limit", "amount", True),
        ("120", "amount", True),
        ("119, 120", "amount", True),
        ('in ("一般", "重大")', "level", True),
        ('not "重大"', "level", False),
        ('not ("一般", "较大")', "level", True),
        ('not in ["重大"]', "level", False),
        ("100 < ? <= 120", "amount", True),
        ('? == "重大" and amount > 1', "level", True),
        ('"重?"', "level", False),
        ("None", "nothing", True),
        ("is None", "nothing", True),
        ("-", "amount", True),
        ("", "missing_but_never_asked", True),
        ("False", "amount > 500", True),
    ],
)
def test_a_cell_is_a_comparison_with_its_input(cell, input_text, fits):
    assert matches(cell, input_text, DATA, {}) is fits


@pytest.mark.parametrize(
    "cell", ["== 1 or True", "== 1) or (True", "== 1 if False else True", "amount > 3", "[1..5]", "重大"]
)
def test_a_cell_cannot_break_out_of_its_comparison(cell):
    with pytest.raises(LanguageError):
        matches(cell, "amount", DATA, {})


def test_the_inputs_name_means_nothing_outside_a_cell():
    with pytest.raises(LanguageError, match="dmn_input"):
        matches("1", "dmn_input", DATA, {})
