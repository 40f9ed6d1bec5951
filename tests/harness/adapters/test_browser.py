"""The browser adapter without a browser: who can be named, what is missing, the film, and whom the browser trusts."""

import hashlib
import shutil
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fake_servers.engine.certificates import FOLDER
from harness.adapters.browser import chromium, media, packages, player_names, player_profile
from harness.adapters.browser.__main__ import main as set_up
from harness.adapters.browser.trust import fingerprint
from harness.adapters.registry import client_from
from harness.cli import main as drm_harness
from harness.errors import AdapterError
from harness.scenario.load import load_profile

KEY_ID = bytes(range(16))


# ── who can be named ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("browser:", "client 'browser:' says how, but not which; write browser:PLAYER"),
        ("browser:shake", "browser:shake: no page plays 'shake'; did you mean 'shaka'?"),
        ("browser:quite-else", f"there are {', '.join(player_names())}"),
        ("browser:shaka:fast", "write browser:shaka, or browser:shaka:tuned"),
    ],
)
def test_a_wrong_name_says_what_to_write(spec: str, text: str) -> None:
    with pytest.raises(AdapterError) as caught:
        client_from(spec)
    assert text in str(caught.value)


def test_a_profile_of_another_kind_of_client_tells_no_events() -> None:
    with pytest.raises(AdapterError, match="the profile 'curl' has no part 'player'"):
        client_from("browser:shaka", load_profile("curl"))


def test_tuned_settings_come_with_a_promise_and_a_name_of_their_own() -> None:
    plain, _ = player_profile("shaka")
    tuned, player = player_profile("shaka:tuned")
    assert (plain.name, tuned.name) == ("shaka", "shaka:tuned")
    assert plain.retry is not None
    assert tuned.retry is not None
    assert (plain.retry.attempts, tuned.retry.attempts) == (2, 4)
    assert player.settings["drm"]["retryParameters"]["maxAttempts"] == 4
    assert player.settings["drm"]["retryParameters"]["fuzzFactor"] == 0.5  # a number, as the player wants it


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def empty_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(packages.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.delenv(chromium.PROGRAM_VARIABLE, raising=False)


def test_a_missing_browser_is_one_message_with_what_to_install(
    empty_machine: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["drm-harness", "run", "license_acquisition/undisturbed", "--client", "browser:shaka"])
    monkeypatch.setattr("harness.adapters.browser.find_spec", lambda name: object())
    with pytest.raises(SystemExit) as ended:
        drm_harness()
    assert ended.value.code == 2
    assert "on Debian: apt-get install chromium" in capsys.readouterr().err


def test_a_browser_can_be_named(empty_machine: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(chromium.PROGRAM_VARIABLE, "no-such-browser")
    with pytest.raises(AdapterError, match="says 'no-such-browser', and there is no such program"):
        chromium.program()
    own = tmp_path / "own-browser"
    own.touch(mode=0o755)
    monkeypatch.setenv(chromium.PROGRAM_VARIABLE, "own-browser")
    assert chromium.program() == str(own)


def test_a_missing_player_says_which_command_fetches_it(empty_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.adapters.browser.find_spec", lambda name: object())
    monkeypatch.setattr("harness.adapters.browser.program", lambda: "chromium")
    with pytest.raises(AdapterError, match=r"shaka-player@\S+ is not installed; python -m harness\.adapters\.browser does it"):
        client_from("browser:shaka")


def test_missing_playwright_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.adapters.browser.find_spec", lambda name: None)
    with pytest.raises(AdapterError, match=r"Playwright, which drives it, is missing; pip install 'drm-harness\[browser\]'"):
        client_from("browser:shaka")


def test_the_set_up_says_what_it_needs(empty_machine: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert set_up([]) == 2
    assert "apt-get install chromium" in capsys.readouterr().err


def test_no_player_can_be_fetched_without_npm(empty_machine: None) -> None:
    with pytest.raises(AdapterError, match="on Debian: apt-get install npm"):
        packages.install(player_profile("shaka")[1])


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
def test_a_player_that_is_there_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(packages.CACHE_VARIABLE, str(tmp_path))
    player = player_profile("shaka")[1]
    folder = packages.folder_of(player)
    folder.mkdir(parents=True)
    (folder / "package.json").touch()
    assert packages.is_installed(player)
    assert not packages.install(player)


# ── the film ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


PLAIN = box(b"ftyp", b"a") + box(b"moov", b"bc") + box(b"sidx", b"d") + 2 * (box(b"moof", b"e") + box(b"mdat", b"fgh"))


def test_the_key_id_box_is_the_one_of_the_common_system() -> None:
    # W3C "cenc" Initialization Data Format: version 1, system id, one key id, no data.
    head = "0000003470737368010000001077efecc0b24d02ace33c1e52e2fb4b00000001"
    assert media.pssh(KEY_ID) == bytes.fromhex(head) + KEY_ID + bytes(4)


def test_the_key_id_box_goes_to_the_end_of_moov_and_moves_nothing_else() -> None:
    changed = media.with_pssh(PLAIN, KEY_ID)
    assert changed == PLAIN.replace(box(b"moov", b"bc"), box(b"moov", b"bc" + media.pssh(KEY_ID)))


def test_manifests_tell_where_the_parts_of_the_film_are() -> None:
    film = media.as_film("film", PLAIN)
    assert (film.init_end, film.index_end, film.fragments) == (19, 28, ((28, 20), (48, 20)))
    assert 'indexRange="19-27"' in media.mpd(film)
    assert '<Initialization range="0-18"/>' in media.mpd(film)
    assert "#EXT-X-BYTERANGE:20@48" in media.media_playlist(film)
    assert film.key_id.hex() in media.media_playlist(film)


def test_a_file_that_is_no_film_is_told() -> None:
    with pytest.raises(AdapterError, match="no MP4 of the plain kind"):
        list(media.boxes(b"\0\0\0\1nonsense"))


# ── whom the browser trusts ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["good.pem", "renewed.pem", "expired.pem", "ca.pem"])
def test_a_fingerprint_is_that_of_the_certificates_key(name: str) -> None:
    certificate = x509.load_pem_x509_certificate((FOLDER / name).read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert fingerprint(FOLDER / name) == b64encode(hashlib.sha256(key).digest()).decode()
