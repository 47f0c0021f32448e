"""`python -m scheduler`: the clock as its own process, as `huitou clock` starts it."""

from scheduler.timetable import run_forever
from workflows.assembly import build_desk
from workflows.settings import Settings


def main() -> None:
    """Runs the timetable on the database that the environment names."""
    settings = Settings.from_environment()
    run_forever(build_desk(settings), settings)


if __name__ == "__main__":
    main()
