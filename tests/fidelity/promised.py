"""What each fault is to look like from a client's socket, written down by hand from what its page in docs/faults.md promises.

A fault of HTTP or of a service changes what a reply says, not how it travels: unless it stands here, its reply comes whole.
"""

from __future__ import annotations

import re

# fmt: off
PROMISED: dict[str, str] = {
    # connecting
    "accept_silence":                                           "silence before the first byte",
    "connect_timeout":                                          "SYN unanswered",
    "early_reply status: 503":                                  "503 whole, FIN",
    "refused":                                                  "refused",
    "reset_on_accept":                                          "RST before the first byte",
    "slow_connect":                                             "200 whole, FIN",
    "stop_reading stall: 2 s":                                  "200 whole, FIN",
    "stop_reading stall: 2 min":                                "silence before the first byte",
    # TLS
    "broken_chain":                                             "a certificate that cannot be trusted",
    "certificate_changed":                                      "200 whole, FIN",  # the second connection meets the other one
    "expired_certificate":                                      "a certificate that cannot be trusted",
    "handshake_cut":                                            "RST in the handshake",
    "handshake_stall before: hello, stall: 2 min":              "silence in the handshake",
    "handshake_stall before: certificate, stall: 2 s":          "200 whole, FIN",
    "handshake_stall before: finished, stall: 2 s":             "200 whole, FIN",
    "not_yet_valid_certificate":                                "a certificate that cannot be trusted",
    "old_protocol":                                             "TLS alert protocol_version",
    "tls_alert alert: handshake_failure":                       "TLS alert handshake_failure",
    "tls_alert alert: unrecognized_name":                       "TLS alert unrecognized_name",
    "unknown_ca":                                               "a certificate that cannot be trusted",
    "wrong_host":                                               "a certificate that cannot be trusted",
    # bytes
    "bandwidth rate: 1 KB":                                     "200 whole, FIN",
    "delay delay: 800 ms, jitter: 200 ms":                      "200 whole, FIN",
    "delay delay: 2 min":                                       "silence before the first byte",
    "delay delay: 300 ms, jitter: 300 ms, distribution: pareto, at_most: 5 s": "200 whole, FIN",
    "drip chunk: 10 bytes, every: 50 ms":                       "200 whole, FIN",
    "fin_after after_bytes: 120 bytes":                         "FIN after 120 bytes",
    "fin_after after_bytes: 250 bytes":                         "FIN after 250 bytes",
    "flip_bits at_byte: 40 bytes, count: 3":                    "200 whole, FIN",
    "reply_lost how: reset":                                    "RST before the first byte",
    "reply_lost how: silence":                                  "silence before the first byte",
    "reply_lost how: fin":                                      "FIN before the first byte",
    "reset_after after_bytes: 120 bytes":                       "RST after 120 bytes",
    "reset_after after_bytes: 250 bytes":                       "RST after 250 bytes",
    "stall_after after_bytes: 120 bytes, stall: 5 s":           "silence after 120 bytes",
    "stall_after after_bytes: 0 bytes, stall: 2 min":           "silence before the first byte",
    "stall_after after_bytes: 250 bytes, stall: 2 min":         "silence after 250 bytes",
    "tiny_segments size: 1 byte":                               "200 whole, FIN",
    "truncate drop: 1 byte":                                    "FIN after 306 bytes",  # of 307
    # HTTP that is wrong in how it is framed
    "bad_chunk kind: size":                                     "332 bytes that are no HTTP, FIN",
    "bad_chunk kind: no_end":                                   "FIN after 326 bytes",
    "duplicate_reply times: 2":                                 "200 whole and 200 whole, FIN",
    "interim_flood status: 103, count: 200":                    "200 interim heads, then 200 whole, FIN",
    "interim_flood status: 100, count: 1":                      "1 interim head, then 200 whole, FIN",
    "malformed_reply kind: status_line":                        "68 bytes that are no HTTP, FIN",
    "malformed_reply kind: header":                             "90 bytes that are no HTTP, FIN",
    "unsolicited_reply":                                        "200 whole and 408 whole, FIN",
    "wrong_content_length kind: more, by: 10 bytes":            "FIN after 307 bytes",
    "wrong_content_length kind: less, by: 10 bytes":            "200 whole and 10 bytes more, FIN",
}

AT_LEAST_S: dict[str, float] = {
    "slow_connect":                                             0.9,  # the second knock
    "stop_reading stall: 2 s":                                  1.9,
    "handshake_stall before: certificate, stall: 2 s":          1.9,
    "handshake_stall before: finished, stall: 2 s":             1.9,
    "bandwidth rate: 1 KB":                                     0.2,  # of 307 bytes
    "delay delay: 800 ms, jitter: 200 ms":                      0.55,
    "drip chunk: 10 bytes, every: 50 ms":                       1.4,
}
"""What takes its time takes at least so long."""
# fmt: on

WHOLE = re.compile(r"\d{3} whole, FIN")


def is_as_promised(name: str, looks: str, seconds: float) -> bool:
    """Whether a fault looks as it is to look, and took as long."""
    shape = looks == PROMISED[name] if name in PROMISED else WHOLE.fullmatch(looks) is not None
    return shape and seconds >= AT_LEAST_S.get(name, 0.0)
