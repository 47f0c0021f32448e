"""People at work: through the API with a bearer token, or in a browser with a session and CSRF tokens."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.people import PASSWORD

if TYPE_CHECKING:
    from tests.journeys.region import Journey


class Person(Protocol):
    """Somebody who does what waits for him."""

    def does(self, element: str, finding: str = "", **facts: Any) -> None: ...


class Caller:
    """Somebody who works through the API: finds the task in his list, claims it, completes it."""

    def __init__(self, journey: "Journey", name: str):
        self.journey, self.name = journey, name
        self.client = journey.app.test_client()
        self._token, self._day = "", ""

    def does(self, element: str, finding: str = "", **facts: Any) -> None:
        """Completes the task of this element; `facts` are what is special about the answer."""
        task = self.journey.task(element, finding)
        listed = self.sees("/tasks?scope=claimable&limit=200")["tasks"] + self.sees("/tasks?limit=200")["tasks"]
        assert task.id in {row["id"] for row in listed}, f"{self.name} does not find {element}"
        if task.assignee_id is None:
            self.call("post", f"/tasks/{task.id}/claim")
        answer = self.journey.answer(task, facts)
        request = {"answer": answer, "request_id": f"journey-{task.id}-{self.name}"}
        done = self.call("post", f"/tasks/{task.id}/completion", json=request)
        assert done.status_code == 200, (element, done.json)
        again = self.call("post", f"/tasks/{task.id}/completion", json=request)
        assert again.json == done.json, "the same request twice is one act"

    def is_refused(self, element: str, finding: str = "", **facts: Any) -> tuple[int, str]:
        """Tries to complete a task and is told no: the status and the rule."""
        task = self.journey.task(element, finding)
        answer = self.journey.answer(task, facts)
        reply = self.call("post", f"/tasks/{task.id}/completion", json={"answer": answer})
        assert reply.status_code >= 400, f"{self.name} could do {element}"
        assert self.journey.task(element, finding).id == task.id, "a refusal changes nothing"
        return reply.status_code, reply.json["error"]["rule"]

    def sees(self, path: str) -> dict[str, Any]:
        """What the API answers."""
        reply = self.call("get", path)
        assert reply.status_code == 200, (path, reply.text)
        return dict(reply.json)

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        """A request with the person's token, renewed every day."""
        today = self.journey.clock.today.isoformat()
        if self._day != today:
            given = self.client.post("/api/v1/tokens", json={"login": self.name, "password": PASSWORD})
            assert given.status_code == 201, given.text
            self._token, self._day = given.json["token"], today
        headers = {"Authorization": f"Bearer {self._token}"}
        return self.client.open(f"/api/v1{path}", method=method.upper(), headers=headers, **more)


class Browser:
    """Somebody at the pages: sees the task in the inbox, opens it, fills in the form that is there, submits it."""

    def __init__(self, journey: "Journey", name: str):
        self.journey, self.name = journey, name
        self.client = journey.app.test_client()
        self._day = ""

    def does(self, element: str, finding: str = "", **facts: Any) -> None:
        """Completes the task of this element on its page."""
        task = self.journey.task(element, finding)
        address = f"/tasks/{task.id}"
        listed = "/?tab=claimable" if task.assignee_id is None else "/"
        assert address in self.page(listed).xpath("//a/@href"), f"{self.name} does not find {element}"
        if task.assignee_id is None:
            self.submits(address, f"{address}/claim")
        answer = self.journey.answer(task, facts)
        reply = self.submits(address, f"{address}/completion", answer)
        assert reply.status_code == 302, (element, _problems(reply))

    def submits(self, address: str, action: str, answer: dict[str, Any] | None = None) -> TestResponse:
        """Fills in the form with this action on a page and posts it with everything hidden in it."""
        form = next(form for form in self.page(address).forms if form.action == action)
        hidden = form.xpath(".//input[@type='hidden'][@name][not(ancestor::template)]")
        filled: MultiDict[str, str] = MultiDict((field.get("name"), field.get("value", "")) for field in hidden)
        offered = {re.sub(r"-(\d+|__N__)-", "-#-", name) for name in form.xpath(".//@name")}
        for name, text in _texts(answer or {}):
            if re.sub(r"-\d+-", "-#-", name) in offered:
                filled.add(name, text)
        return self.client.post(action, data=filled)

    def page(self, address: str) -> Any:
        """A page as it stands in the browser."""
        self._come_in()
        reply = self.client.get(address)
        assert reply.status_code == 200, (address, reply.status_code)
        return html.fromstring(reply.text)

    def reads(self, address: str) -> str:
        """The words of a page."""
        return " ".join(self.page(address).text_content().split())

    def status(self, address: str) -> int:
        """Whether one gets to see a page."""
        self._come_in()
        return self.client.get(address).status_code

    def _come_in(self) -> None:
        today = self.journey.clock.today.isoformat()
        if self._day == today:
            return
        self._day = today
        form = html.fromstring(self.client.get("/sign-in").text).forms[0]
        given = {**dict(form.fields), "login": self.name, "password": PASSWORD}
        reply = self.client.post("/sign-in", data={name: value or "" for name, value in given.items()})
        assert reply.status_code == 302, reply.text


def _texts(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """An answer as a browser posts it: a text a control, rows numbered."""
    for name, value in answer.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                yield from ((f"{name}-{number}-{column}", text) for column, text in _texts(row))
        elif isinstance(value, list):
            yield from ((name, str(item)) for item in value)
        elif isinstance(value, bool):
            yield from [(name, "true")] if value else []
        elif value is not None:
            yield name, str(value)


def _problems(reply: TestResponse) -> list[str]:
    page = html.fromstring(reply.text)
    return [part.text_content().strip() for part in page.find_class("summary") + page.find_class("problem")]
