"""What may be chosen in a form's fields whose choices are rows of a register: units, categories, people, clauses, papers."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from workflows.forms import Form
from workflows.queries import occasion_choices, papers, regulations, taxonomy, teams, units

Choices = list[tuple[str, str]]

REGISTERS: Mapping[str, Callable[[Session, int | None, date], Choices]] = {
    "unit": lambda session, _case, _today: units.choices(session),
    "category": lambda session, _case, today: taxonomy.choices(session, today),
    "inspector": lambda session, _case, _today: teams.choices(session),
    "clause": lambda session, _case, _today: regulations.choices(session),
    "paper": lambda session, case_id, _today: papers.choices(session, case_id),
    "occasion": lambda session, case_id, today: occasion_choices.choices(session, case_id, today),
}
"""Widget → its choices for a task of this case on this day."""


def choices_of(session: Session, form: Form, *, case_id: int | None, today: date) -> dict[str, Choices]:
    """Field (or "table.column") → [(value, words)], one question a register."""
    widgets: Mapping[str, str] = form.ui.get("widgets", {})
    listed = {
        widget: REGISTERS[widget](session, case_id, today)
        for widget in sorted(set(widgets.values()) & set(REGISTERS))
    }
    return {name: listed[widget] for name, widget in widgets.items() if widget in listed}
