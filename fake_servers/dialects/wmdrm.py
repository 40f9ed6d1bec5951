"""WMDRM, in structure only: the license request as [MS-DRM] describes it, all else of our own invention.

No wire format is public for individualization, revocation, backup and restore, and a real license reply is encrypted for a real
client. Ours are plain XML with test keys: no real WMDRM client would take them (docs/dialects.md).
"""

from __future__ import annotations

from fake_servers.dialects.base import (
    BadReply,
    BadRequest,
    HttpRequest,
    check_post,
    check_size,
    dialect,
    header,
    media_type,
    under_the_names_asked,
)
from fake_servers.dialects.idempotency_key import HEADER, read_key, write_key
from fake_servers.dialects.safe_xml import XML_TYPE, XML_TYPES, write_xml
from fake_servers.dialects.wmdrm_reply import (
    PACKAGE_TYPE,
    PACKAGE_VERSION,
    check_seal,
    read_package,
    read_result,
    result_xml,
    sealed,
    status_of,
)
from fake_servers.dialects.wmdrm_request import FORM_TYPE, read_form, write_form
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@dialect("wmdrm")
class Wmdrm:
    """WMDRM in structure: all eight exchanges. Only the license request follows a public document; each reply is of our making.

    Results ride on an HRESULT in a 200 reply, as WMDRM's own messages do; a digest stands in for the signature.
    """

    name: str
    exchanges = frozenset(Exchange)
    invented = frozenset(Exchange)

    def decode_request(self, exchange: Exchange, http: HttpRequest) -> ServiceRequest:
        """A posted form with ``challenge`` and ``nonsilent``, and what the exchange needs in the challenge's XML."""
        check_post(http)
        if media_type(http.headers) not in ("", FORM_TYPE):
            raise BadRequest(f"the content type is {media_type(http.headers)}, not {FORM_TYPE}", 415)
        try:
            return read_form(exchange, http.body, read_key(header(http.headers, HEADER)))
        except ValueError as error:
            raise BadRequest(str(error)) from error

    def encode_request(self, request: ServiceRequest, url: str) -> HttpRequest:
        """The form; the idempotency key, if there is one, is a header."""
        headers = {"content-type": FORM_TYPE}
        if request.idempotency_key:
            headers[HEADER] = write_key(request.idempotency_key)
        return HttpRequest("POST", url, headers, write_form(request))

    def encode_reply(self, exchange: Exchange, decision: Decision) -> Reply:
        """A component as it is; anything else as XML."""
        if decision.answer is Answer.INDIVIDUALIZED:
            headers = {"Content-Type": PACKAGE_TYPE, PACKAGE_VERSION: decision.client_version}
            return sealed(200, headers, decision.package)
        return sealed(status_of(decision.answer), {"Content-Type": XML_TYPE}, write_xml(result_xml(decision)))

    def decode_reply(self, exchange: Exchange, reply: Reply, asked: tuple[str, ...] = ()) -> Decision:
        """A component whose digest is right, or a result that fits the exchange."""
        check_size(reply)
        kind = media_type(reply.headers)
        is_package = kind == PACKAGE_TYPE and exchange is Exchange.INDIVIDUALIZATION and reply.status == 200
        try:
            if not is_package and kind not in XML_TYPES:
                raise ValueError(f"status {reply.status} with content type {kind or 'none'} is no result of this protocol")
            check_seal(reply)
            if is_package:
                return read_package(reply)
            return under_the_names_asked(read_result(exchange, reply), asked)
        except ValueError as error:
            raise BadReply(str(error)) from error
