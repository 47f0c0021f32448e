"""What the web server loads: `gunicorn webapp.wsgi:app`."""

from webapp import create_app
from workflows.assembly import build_desk
from workflows.settings import Settings

settings = Settings.from_environment()
app = create_app(build_desk(settings), settings)
