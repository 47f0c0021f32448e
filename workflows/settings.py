"""Every setting, read from the environment once, at start-up."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Settings:
    """What differs from one installation to the next."""

    database_url: str
    secret_key: str
    bpmn_dir: Path
    files_dir: Path
    smtp_host: str
    smtp_port: int
    mail_from: str
    base_url: str
    secure_cookies: bool
    demo: bool
    former_secret_keys: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    webhook_hosts: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads HUITOU_* variables; what is missing gets a value fit for one machine and one user."""
        var = Path(os.environ.get("HUITOU_VAR", ROOT / "var"))
        return cls(
            database_url=os.environ.get("HUITOU_DATABASE_URL", f"sqlite:///{var / 'huitou.db'}"),
            secret_key=os.environ.get("HUITOU_SECRET_KEY") or _kept_secret(var),
            bpmn_dir=Path(os.environ.get("HUITOU_BPMN_DIR", ROOT / "bpmn")),
            files_dir=Path(os.environ.get("HUITOU_FILES_DIR", var / "files")),
            smtp_host=os.environ.get("HUITOU_SMTP_HOST", ""),
            smtp_port=int(os.environ.get("HUITOU_SMTP_PORT", "25")),
            mail_from=os.environ.get("HUITOU_MAIL_FROM", "huitou@localhost"),
            base_url=os.environ.get("HUITOU_BASE_URL", "http://127.0.0.1:8000"),
            secure_cookies=os.environ.get("HUITOU_SECURE_COOKIES", "") == "1",
            demo=os.environ.get("HUITOU_DEMO", "") == "1",
            former_secret_keys=tuple(os.environ.get("HUITOU_FORMER_SECRET_KEYS", "").split()),
            webhook_url=os.environ.get("HUITOU_WEBHOOK_URL", ""),
            webhook_secret=os.environ.get("HUITOU_WEBHOOK_SECRET", ""),
            webhook_hosts=tuple(os.environ.get("HUITOU_WEBHOOK_HOSTS", "").lower().split()),
        )


def _kept_secret(var: Path) -> str:
    """A random key, made at the first start and kept beside the database."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), "ascii")
    return path.read_text("ascii").strip()
