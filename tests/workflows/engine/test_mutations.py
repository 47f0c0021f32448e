"""Models damaged at random: the check gives problems and never a traceback; what it lets pass can be started."""

import random
from collections.abc import Callable

import pytest
from lxml import etree

from tests.workflows.engine.drawing import World, files
from tests.workflows.engine.test_decisions import TABLES
from tests.workflows.engine.test_random_ways import CALLEE, MODEL
from workflows.engine import Engine, StepFailed, check
from workflows.refusal import Refusal

ROUNDS = 15
TASKS = ("plan", "remind", "explain", "check", "ask", "answer", "repeat", "verify")
FORMS = {f"forms__{task}_json": "{}" for task in TASKS}


def _drop(node: etree._Element, dice: random.Random) -> None:
    above = node.getparent()
    if above is not None:
        above.remove(node)


def _drop_attribute(node: etree._Element, dice: random.Random) -> None:
    if node.attrib:
        del node.attrib[dice.choice(sorted(node.attrib))]


def _change_attribute(node: etree._Element, dice: random.Random) -> None:
    if node.attrib:
        node.set(dice.choice(sorted(node.attrib)), dice.choice(["", "plan", "sub", "ghost", "0", "x]|//*[", "true"]))


def _change_text(node: etree._Element, dice: random.Random) -> None:
    node.text = dice.choice([None, "", "plan", "n", "1 +", "P1D", "__import__('os')", "9" * 400])


def _rename(node: etree._Element, dice: random.Random) -> None:
    tags = [
        "task",
        "userTask",
        "exclusiveGateway",
        "endEvent",
        "boundaryEvent",
        "subProcess",
        "script",
        "lane",
        "nonsense",
    ]
    node.tag = "{http://www.omg.org/spec/BPMN/20100524/MODEL}" + dice.choice(tags)


def _double(node: etree._Element, dice: random.Random) -> None:
    node.append(etree.fromstring(etree.tostring(node)))


DAMAGE: list[Callable[[etree._Element, random.Random], None]] = [
    _drop, _drop_attribute, _change_attribute, _change_text, _rename, _double,
]  # fmt: skip


def _damaged(content: bytes, dice: random.Random) -> bytes:
    root = etree.fromstring(content)
    for _ in range(dice.randint(1, 3)):
        dice.choice(DAMAGE)(dice.choice(list(root.iter("*"))), dice)
    return etree.tostring(root)


@pytest.mark.parametrize("seed", range(25))
def test_damaged_models_give_problems_and_never_a_traceback(seed: int) -> None:
    for number in range(ROUNDS):
        dice = random.Random(f"{seed}.{number}")
        content = {
            "story": MODEL.files["story.bpmn"],
            "callee": CALLEE,
            "table": TABLES.replace("{policy}", "UNIQUE").encode(),
        }
        victim = dice.choice(sorted(content))
        content[victim] = _damaged(content[victim], dice)
        model = files(
            content["story"], verification_bpmn=content["callee"], decisions__t_dmn=content["table"], **FORMS
        )
        errors = [each for each in check(model) if each.severity == "error"]
        engine = Engine(load=lambda digest, model=model: model)
        try:
            engine.start(model.digest, data={"units": ["甲"], "n": 1}, surroundings=World())
        except StepFailed:
            pass
        except Refusal:
            assert errors, content[victim].decode()
