"""The memory of a served demo: all processes of `huitou serve` together, shared pages counted once (PSS)."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from huitou.bench.row import Row
from huitou.demo import PASSWORD

PAGES = ("/", "/cases/", "/ledger/", "/overdue/", "/deadlines/", "/processes/")
PATIENCE_SECONDS = 60
TURNS = 5


def served_demo(folder: Path) -> list[Row]:
    """Megabytes after somebody has worked through the main pages a few times."""
    huitou = ["env", f"HUITOU_VAR={folder}", "HUITOU_DEMO=1", sys.executable, "-m", "huitou"]
    subprocess.run([*huitou, "demo"], check=True, capture_output=True)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [*huitou, "serve", "--port", str(port)], stdout=subprocess.DEVNULL, start_new_session=True
    ) as server:
        try:
            browser = _signed_in(address)
            for _ in range(TURNS):
                for page in PAGES:
                    browser.open(address + page).read()
            megabytes = _proportional_kilobytes(server.pid) / 1024
        finally:
            os.killpg(server.pid, signal.SIGTERM)
    return [
        Row("server with the demo and its clock, all processes (PSS)", f"{megabytes:.0f} MB", "–", "–", "≤ 250 MB")
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _signed_in(address: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = _patiently(browser, f"{address}/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        raise RuntimeError("the sign-in page has no token")
    form = {"csrf_token": token[1], "login": "officer", "password": PASSWORD}
    browser.open(f"{address}/sign-in", urlencode(form).encode()).read()
    return browser


def _patiently(browser: OpenerDirector, url: str) -> str:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return str(browser.open(url).read(), "utf-8")
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _proportional_kilobytes(session_id: int) -> int:
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session_id:
                found = re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.M)
                total += int(found[1]) if found else 0
        except (ProcessLookupError, FileNotFoundError):
            continue  # ended while we looked
    return total
