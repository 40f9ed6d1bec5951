"""The film that the players play: three seconds, encrypted with the test key that the fake license service hands out.

ffmpeg makes it (PyPI ``imageio-ffmpeg``), once for each content name; the same command gives the same bytes everywhere. ffmpeg
writes no ``pssh`` box, so one is put in: without it some players have nothing to make a license request of.

Sources: ISO/IEC 23001-7 (common encryption); W3C "cenc" Initialization Data Format; ISO/IEC 14496-12 (boxes).
"""

from __future__ import annotations

import struct
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fake_servers.content_keys import content_key, key_id
from harness.errors import AdapterError

SECONDS = 3
COMMON_SYSTEM_ID = bytes.fromhex("1077efecc0b24d02ace33c1e52e2fb4b")
CODEC = "avc1.42d00b"
WIDTH, HEIGHT, RATE = 160, 90, 10
FFMPEG_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Film:
    """An encrypted film.

    Attributes:
        content: Its content name.
        data: Fragmented MP4: ``ftyp``, ``moov``, ``sidx``, then a ``moof`` and ``mdat`` a second.
        init_end: Where ``moov`` ends.
        index_end: Where ``sidx`` ends.
        fragments: Begin and length of each second.
    """

    content: str
    data: bytes
    init_end: int
    index_end: int
    fragments: tuple[tuple[int, int], ...]

    @property
    def key_id(self) -> bytes:
        """The id of the key that opens it."""
        return key_id(self.content)


def ffmpeg() -> str:
    """The program.

    Raises:
        AdapterError: There is none.
    """
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise AdapterError("no ffmpeg to make the test film with; pip install 'drm-harness[browser]'") from error
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise AdapterError(f"no ffmpeg to make the test film with: {error}") from error


def film(content: str, folder: Path) -> Film:
    """The film of a content, made if the folder does not hold it yet.

    Raises:
        AdapterError: It cannot be made.
    """
    file = folder / f"film-{SECONDS}s-{key_id(content).hex()}.mp4"
    if not file.is_file():
        _encode(content, file)
    return _read(content, file)


@cache
def _read(content: str, file: Path) -> Film:
    return as_film(content, file.read_bytes())


def _encode(content: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder, "film.mp4")
        # fmt: off
        words = [
            ffmpeg(), "-nostdin", "-loglevel", "error", "-y", "-threads", "1",
            "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE}:duration={SECONDS}",
            "-c:v", "libx264", "-threads", "1", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", str(RATE), "-b:v", "40k",
            "-map_metadata", "-1", "-fflags", "+bitexact",
            "-movflags", "+frag_keyframe+empty_moov+default_base_moof+global_sidx",
            "-encryption_scheme", "cenc-aes-ctr",
            "-encryption_key", content_key(content).hex(), "-encryption_kid", key_id(content).hex(), str(made),
        ]
        # fmt: on
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=FFMPEG_LIMIT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AdapterError(f"ffmpeg did not make the test film: {error}") from error
        if done.returncode:
            raise AdapterError(f"ffmpeg did not make the test film: {done.stderr.strip() or f'status {done.returncode}'}")
        made.write_bytes(with_pssh(made.read_bytes(), key_id(content)))
        made.replace(file)  # at once: another process may be reading


# ── boxes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def boxes(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Type, begin and length of each box at the top level."""
    begin = 0
    while begin + 8 <= len(data):
        length = int.from_bytes(data[begin : begin + 4], "big")
        if length < 8:
            raise AdapterError("the test film is no MP4 of the plain kind; delete it, and it is made anew")
        yield data[begin + 4 : begin + 8].decode("latin-1"), begin, length
        begin += length


def pssh(key: bytes) -> bytes:
    """The box that names one key for any key system: version 1, common system id, no data."""
    body = b"pssh" + bytes((1, 0, 0, 0)) + COMMON_SYSTEM_ID + struct.pack(">I", 1) + key + struct.pack(">I", 0)
    return struct.pack(">I", len(body) + 4) + body


def with_pssh(data: bytes, key: bytes) -> bytes:
    """The same film with a ``pssh`` at the end of ``moov``. Fragments tell places from their own begin, so all else stays."""
    begin, length = next((begin, length) for kind, begin, length in boxes(data) if kind == "moov")
    box = pssh(key)
    moov = struct.pack(">I", length + len(box)) + data[begin + 4 : begin + length] + box
    return data[:begin] + moov + data[begin + length :]


def as_film(content: str, data: bytes) -> Film:
    """Where its parts are."""
    found = list(boxes(data))
    ends = {kind: begin + length for kind, begin, length in found}
    starts = [begin for kind, begin, _ in found if kind == "moof"]
    lasts = [begin + length for kind, begin, length in found if kind == "mdat"]
    fragments = tuple((begin, end - begin) for begin, end in zip(starts, lasts, strict=True))
    return Film(content, data, ends["moov"], ends["sidx"], fragments)


# ── manifests ────────────────────────────────────────────────────────────────────────────────────────────────────────


def mpd(film: Film) -> str:
    """DASH. The license address is the application's to give. No ``cenc:pssh``: dash.js 5.2.1 takes none for Clear Key."""
    kid = film.key_id.hex()
    default_kid = "-".join((kid[:8], kid[8:12], kid[12:16], kid[16:20], kid[20:]))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:cenc="urn:mpeg:cenc:2013" type="static"
 profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" mediaPresentationDuration="PT{SECONDS}S" minBufferTime="PT1S"><Period>
<AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="true">
<ContentProtection schemeIdUri="urn:mpeg:dash:mp4protection:2011" value="cenc" cenc:default_KID="{default_kid}"/>
<ContentProtection schemeIdUri="urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e" value="ClearKey1.0"/>
<Representation id="v" bandwidth="48000" width="{WIDTH}" height="{HEIGHT}" frameRate="{RATE}" codecs="{CODEC}">
<BaseURL>film.mp4</BaseURL>
<SegmentBase indexRange="{film.init_end}-{film.index_end - 1}"><Initialization range="0-{film.init_end - 1}"/></SegmentBase>
</Representation></AdaptationSet></Period></MPD>
"""


def master_playlist(_: Film) -> str:
    """HLS: what there is."""
    return f"""#EXTM3U
#EXT-X-VERSION:7
#EXT-X-STREAM-INF:BANDWIDTH=48000,RESOLUTION={WIDTH}x{HEIGHT},CODECS="{CODEC}"
film.m3u8
"""


def media_playlist(film: Film) -> str:
    """HLS: where its seconds are, and which key opens them."""
    key = (
        f'METHOD=SAMPLE-AES-CTR,URI="skd://film",KEYID=0x{film.key_id.hex()},KEYFORMAT="org.w3.clearkey",KEYFORMATVERSIONS="1"'
    )
    seconds = "\n".join(f"#EXTINF:1.0,\n#EXT-X-BYTERANGE:{length}@{begin}\nfilm.mp4" for begin, length in film.fragments)
    return f"""#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:1
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-KEY:{key}
#EXT-X-MAP:URI="film.mp4",BYTERANGE="{film.init_end}@0"
{seconds}
#EXT-X-ENDLIST
"""
