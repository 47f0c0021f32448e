"""An operation, a parameter or a data item may have the name of an element."""

from tests.workflows.engine.drawing import Case, World, diagram, end, files, flows, service, start, user


def test_an_operation_may_have_the_name_of_its_own_task_and_of_another() -> None:
    main = diagram(
        start(), service("count", "count", "counted"), user("ask"), service("store", "ask", "asked", count="counted"),
        end(), flows("start>count>ask>store>end"),
    )  # fmt: skip
    world = World(operations={"count": lambda: {"n": 3}, "ask": lambda count: {"seen": count["n"]}})
    case = Case(files(main), world).begin()
    assert case.open == ["ask"]
    case.do("ask")
    assert case.step.finished
    assert case.step.data["asked"] == {"seen": 3}
