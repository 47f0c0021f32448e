"""What a team must fulfil (D10), asked of people in hand, and what a pool lacks to fulfil it."""

from collections.abc import Sequence

from workflows.teams.people import Candidate, Mission, Requirements


def breaches(
    mission: Mission, leader: Candidate | None, members: Sequence[Candidate], needs: Requirements
) -> list[str]:
    """What is against this team, in words; empty when it may be sent."""
    ages = {each.age_band for each in members}
    found = [
        (leader is None or not leader.is_head, "组长不是部机关干部处处长"),
        (len(members) < needs.smallest, f"组员{len(members)}人，少于下限{needs.smallest}人"),
        (len(members) > needs.largest, f"组员{len(members)}人，超过上限{needs.largest}人"),
        (len({each.channel for each in members}) < needs.channels, f"组员来源渠道不足{needs.channels}个"),
        (not any(each.is_core for each in members), "组员中没有熟悉党建或干部业务的人员"),
        (len(ages) == 1, f"组员全部为{next(iter(ages), '')}，年龄结构单一"),
    ]
    kept_out = [each.name for each in [*([leader] if leader else []), *members] if each.key in mission.barred]
    return [words for is_so, words in found if is_so] + [f"{name}应当回避" for name in kept_out]


def shortages(mission: Mission, pool: tuple[Candidate, ...], needs: Requirements) -> list[str]:
    """What the pool lacks so that no team can be found for this mission; empty when nothing obvious is lacking."""
    members = mission.members(pool)
    channels = {each.channel for each in members}
    found = [
        (not mission.leaders(pool), "没有可以担任组长的干部处处长（均须回避或不在人才库）"),
        (len(members) < mission.size, f"可选组员{len(members)}人，不足{mission.size}人"),
        (len(channels) < needs.channels, f"可选组员只来自{len(channels)}个渠道，不足{needs.channels}个"),
        (not any(each.is_core for each in members), "可选组员中没有熟悉党建或干部业务的人员"),
        (len({each.age_band for each in members}) < 2, "可选组员年龄结构单一"),
    ]
    return [words for is_so, words in found if is_so]
