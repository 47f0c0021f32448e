"""A 'no' that we foresaw.  Everything else that is raised is a fault of ours."""


class Refusal(Exception):
    """What was asked cannot be done; str(self) says why, in Chinese, to the person who asked.

    `rule` names the rule that said no (an S-, T-, D-number or a guard's name), for history and the API.
    """

    rule: str = ""

    def __init__(self, message: str, *, rule: str = ""):
        super().__init__(message)
        if rule:
            self.rule = rule
