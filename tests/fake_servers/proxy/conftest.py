"""nginx as an upstream that is none of ours: a process of its own, gone after the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from fake_servers.engine.certificates import FOLDER

# Sockets are handed over by the variable NGINX, as nginx does itself when it is replaced by a newer one: so no port is guessed.
CONFIGURATION = """
daemon off; master_process on; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  types {{ text/plain txt; }} default_type application/octet-stream;
  gzip on; gzip_min_length 1; gzip_proxied any; gzip_types text/plain;
  server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {certificate};
    root {folder}/files;
    location /files/ {{ alias {folder}/files/; error_page 405 =200 $uri; }}
    location /kept/ {{ alias {folder}/kept/; dav_methods PUT; client_max_body_size 8m; }}
    location /small/ {{ alias {folder}/kept/; dav_methods PUT; client_max_body_size 1k; }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """One that runs.

    Attributes:
        folder: With ``files``, which it gives, and ``kept``, where it keeps what it is given.
    """

    url: str
    tls_url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def kept(self, name: str) -> bytes:
        """What it was given under a name."""
        return (self.folder / "kept" / name).read_bytes()


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    """An nginx with files of known bytes. Never skipped in CI, which installs it."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("needs nginx: apt-get install nginx-light")
    assert program is not None, "nginx is not installed"
    with running(program, tmp_path) as nginx:
        yield nginx


@contextmanager
def running(program: str, folder: Path) -> Iterator[Nginx]:
    (folder / "files").mkdir()
    (folder / "kept").mkdir()
    (folder / "files/license.bin").write_bytes(Random(3).randbytes(3_000_000))
    (folder / "files/certificate.txt").write_bytes(b"a certificate, in text " * 400)
    with socket.create_server(("127.0.0.1", 0)) as plain, socket.create_server(("127.0.0.1", 0)) as tls:
        port, tls_port = plain.getsockname()[1], tls.getsockname()[1]
        configuration = folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(folder=folder, port=port, tls_port=tls_port, certificate=FOLDER / "good.pem")
        )
        process = subprocess.Popen(
            [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(configuration)],
            pass_fds=(plain.fileno(), tls.fileno()),
            env={"NGINX": f"{plain.fileno()};{tls.fileno()};", "PATH": os.environ.get("PATH", "")},
            stderr=subprocess.PIPE,
        )
    try:
        await_pid(folder / "pid", process)
        yield Nginx(f"http://127.0.0.1:{port}", f"https://127.0.0.1:{tls_port}", folder, process)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def await_pid(file: Path, process: subprocess.Popen[bytes]) -> None:
    """It has read its configuration; its sockets listen since before it was started."""
    until_s = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        if process.poll() is not None:
            pytest.fail(f"nginx ended: {process.communicate()[1].decode()}")
        assert time.monotonic() < until_s, "nginx never wrote its pid"
        time.sleep(0.005)  # it tells by a file alone
