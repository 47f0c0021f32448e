"""Decision tables: read from DMN, evaluated cell by cell in our language, every evaluation recorded.

UNIQUE and FIRST give the first rule that fits (overlaps are looked for before publishing), COLLECT a list for
each output.  Sums and maxima belong to the step that follows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from workflows.engine import language
from workflows.engine.diagram import local, own_text
from workflows.engine.step import DecisionRecord

HIT_POLICIES = ("UNIQUE", "FIRST", "COLLECT")
LONGEST_CELL = 500


@dataclass(frozen=True)
class Rule:
    """One row: its label (id, or its number when it has none), a test for each input, a text for each output."""

    label: str
    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """One decision table."""

    id: str
    name: str
    file: str
    hit_policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]
    aggregated: bool = False

    def decide(
        self, data: Mapping[str, Any], helpers: Mapping[str, Callable[..., Any]], element: str = ""
    ) -> DecisionRecord:
        """The record of one evaluation; outputs are empty when no rule fits.  LanguageError as the cells raise it."""
        inputs = {text: language.evaluate(text, data, helpers) for text in self.inputs}
        fits = list(self._fitting(data, helpers))
        given = [self._results(rule, data, helpers) for rule in fits]
        if self.hit_policy == "COLLECT":
            outputs = {name: [each[name] for each in given if name in each] for name in self.outputs}
        else:
            outputs = given[0] if given else {}
        return DecisionRecord(self.id, element, inputs, tuple(rule.label for rule in fits), outputs)

    def _fitting(self, data: Mapping[str, Any], helpers: Mapping[str, Callable[..., Any]]) -> Iterator[Rule]:
        for rule in self.rules:
            if all(
                language.matches(test, text, data, helpers)
                for text, test in zip(self.inputs, rule.tests, strict=False)
            ):
                yield rule
                if self.hit_policy != "COLLECT":
                    return

    def _results(
        self, rule: Rule, data: Mapping[str, Any], helpers: Mapping[str, Callable[..., Any]]
    ) -> dict[str, Any]:
        return {
            name: language.evaluate(text, data, helpers)
            for name, text in zip(self.outputs, rule.results, strict=False)
            if text
        }


def read_decisions(file: str, root: etree._Element) -> list[Decision]:
    """Every decision table of one DMN document; ids that are missing come out as empty texts."""
    return [
        _decision(file, decision, table)
        for decision in root.iter("{*}decision")
        for table in decision.iterfind("{*}decisionTable")
    ]


def _decision(file: str, decision: etree._Element, table: etree._Element) -> Decision:
    return Decision(
        id=decision.get("id") or "",
        name=decision.get("name") or "",
        file=file,
        hit_policy=(table.get("hitPolicy") or "UNIQUE").upper(),
        inputs=tuple(_text(each.find("{*}inputExpression")) for each in table.iterfind("{*}input")),
        outputs=tuple(each.get("name") or "" for each in table.iterfind("{*}output")),
        rules=tuple(_rule(number, each) for number, each in enumerate(table.iterfind("{*}rule"), start=1)),
        aggregated=bool(table.get("aggregation")),
    )


def _rule(number: int, rule: etree._Element) -> Rule:
    return Rule(
        label=rule.get("id") or f"第{number}行",
        tests=tuple(_text(each) for each in rule if local(each) == "inputEntry"),
        results=tuple(_text(each) for each in rule if local(each) == "outputEntry"),
    )


def _text(holder: etree._Element | None) -> str:
    return own_text(holder.find("{*}text")).strip() if holder is not None else ""
