"""flip_bits: the body is damaged in the named place, the head not at all."""

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_exactly_the_named_bits_arrive_inverted(with_fault: bool) -> None:
    honest = honest_reply()
    with serving(*[line("flip_bits", at_byte="5 bytes", count=11)] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (len(received.data), received.ending) == (len(honest), "fin")
    damage = bytes(a ^ b for a, b in zip(received.data, honest, strict=True))
    place = honest.index(b"\r\n\r\n") + 4 + 5
    mask = b"\xff\xe0" if with_fault else b"\0\0"
    assert damage == bytes(place) + mask + bytes(len(honest) - place - len(mask))
