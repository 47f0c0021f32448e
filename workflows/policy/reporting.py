"""To whom an inspection team reports (S46).  Facts in, a role out."""

SITE_LEADER = "tour_leader"
HOME_LEADER = "deputy_minister"


def reporting_line(status: str, linked_tour_round: str) -> str:
    """The role that answers the team of a case in this state: the tour's leader from entry to exit, if linked."""
    return SITE_LEADER if status == "onsite" and linked_tour_round else HOME_LEADER
