"""Invented people for choosing teams from: any number, the same for the same seed."""

from random import Random

from workflows.teams import Candidate, Mission
from workflows.teams.people import CHANNELS, POST_KINDS, SPECIALITIES


def pool(seed: int, *, heads: int, others: int) -> tuple[Candidate, ...]:
    """Heads of cadre divisions first, then people of all channels."""
    dice = Random(seed)
    led = [_person(dice, key, is_head=True) for key in range(1, heads + 1)]
    return (*led, *(_person(dice, key) for key in range(heads + 1, heads + others + 1)))


def missions(seed: int, people: tuple[Candidate, ...], *, number: int, size: int, barred: int = 1) -> list[Mission]:
    """Teams wanted, with some people who must keep away from each."""
    dice = Random(seed)
    keys = [each.key for each in people]
    return [
        Mission(
            key, f"单位{key}", size,
            dict.fromkeys(dice.sample(keys, min(barred, len(keys))), ("现任职于被检查单位",)),
            frozenset(dice.sample(keys, 1)),
        )
        for key in range(1, number + 1)
    ]  # fmt: skip


def _person(dice: Random, key: int, *, is_head: bool = False) -> Candidate:
    return Candidate(
        key,
        f"人员{key}",
        "dept" if is_head else dice.choice(list(CHANNELS)),
        dice.randint(27, 58),
        dice.randint(0, 25),
        "leading" if is_head else dice.choice(list(POST_KINDS)),
        "cadre" if is_head else dice.choice(list(SPECIALITIES)),
        is_head,
        load=dice.choice((0, 0, 0, 1)),
    )
