"""Every word that a user reads, in the source language, and the list of it all for translators.

Braces: the words of the operation, and {why}, {advice}, {pause}, {attempt}, {percent}, {go_on}, each a message of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import NamedTuple

from harness.status.advice import Advice
from harness.status.code import CODES
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """How one operation is spoken of. ``undone`` must stay true when only a part was done."""

    doing: str
    done: str
    undone: str
    service: str
    consent: str
    declined: str


# fmt: off
WORDS: dict[Operation, Words] = {
    Operation.INDIVIDUALIZATION: Words(
        doing="Installing the security upgrade",
        done="The security upgrade is installed",
        undone="The security upgrade could not be installed",
        service="the upgrade service",
        consent="This changes a component of this device. Do you agree to the security upgrade?",
        declined="The security upgrade was not installed. Content that needs it stays closed; all other content still plays.",
    ),
    Operation.LICENSE_ACQUISITION: Words(
        doing="Getting the license",
        done="The license is here",
        undone="The license could not be fetched",
        service="the license service",
        consent="Do you agree to go on and get the license?",
        declined="The license was not fetched. This content stays closed.",
    ),
    Operation.LICENSE_REVOCATION: Words(
        doing="Removing licenses from this device",
        done="The licenses are removed, and the service has confirmed it",
        undone="The removal of the licenses is not complete",  # also while only the service has not heard of it
        service="the license service",
        consent="Do you agree that licenses are removed from this device?",
        declined="No license was removed.",
    ),
    Operation.LICENSE_BACKUP: Words(
        doing="Backing up the licenses",
        done="The backup is complete",
        undone="The backup could not be completed",
        service="the backup service",
        consent="Do you agree to the backup?",
        declined="No backup was made; the earlier one is unchanged.",
    ),
    Operation.LICENSE_RESTORE: Words(
        doing="Restoring the licenses",
        done="The licenses are restored",
        undone="The licenses could not be restored",
        service="the restore service",
        consent="Do you agree to go on with the restore?",
        declined="The licenses were not restored. The backup is unchanged.",
    ),
}

SENTENCES: dict[Phase, str] = {
    Phase.STARTED:          "{doing}.",
    Phase.CONSENT_NEEDED:   "{consent}",
    Phase.OVERWRITE_NEEDED: "A backup is already in this place. Do you want to replace it?",
    Phase.PAGE_NEEDED:      "{service_} needs something from you first. {go_on}",
    Phase.MONITORING:       "Waiting for the license. Please complete the page; you can stop waiting at any time.",
    Phase.PREPARING:        "{doing}: making the request ready.",
    Phase.CONNECTING:       "{doing}: connecting to {service}{attempt}.",
    Phase.REQUESTING:       "{doing}: sending the request{percent}.",
    Phase.RECEIVING:        "{doing}: receiving the reply{percent}.",
    Phase.VALIDATED:        "{service_} has accepted this device. {doing}.",
    Phase.INDIVIDUALIZING:  "{doing}: this device gets a security upgrade first{percent}.",
    Phase.INSTALLING:       "{doing}: storing what has arrived{percent}.",
    Phase.REMOVING:         "Removing licenses from this device{percent}.",
    Phase.ACKNOWLEDGING:    "The licenses are removed from this device, and this cannot be undone. Telling {service}{attempt}.",
    Phase.BACKING_UP:       "Backing up the licenses{percent}.",
    Phase.RESTORING:        "Writing the licenses back to this device{percent}.",
    Phase.LICENSE_SKIPPED:  "One license is left out, since its issuer does not allow a copy. The others are not affected.",
    Phase.RETRY_SCHEDULED:  "{undone}: {why}. Trying again {pause}.",
    Phase.RETRYING:         "{doing}: trying again{attempt}.",
    Phase.SUCCEEDED:        "{done}.",
    Phase.FAILED:           "{undone}: {why}. {advice}",
    Phase.CANCELLED:        "{doing}: stopped, as you wished. You can try again whenever you like.",
    Phase.BLOCKED:          "{undone}: {why}. {go_on}",
    Phase.DECLINED:         "{declined} You can try again whenever you like.",
}

# What is asked depends on why; elsewhere a phase is told the same way whatever the reason.
SENTENCES_BECAUSE: dict[tuple[Phase, Reason], str] = {
    (Phase.CONSENT_NEEDED, Reason.NEEDS_INDIVIDUALIZATION):
        "This device needs a security upgrade first, which changes a component of it. Do you agree?",
    (Phase.CONSENT_NEEDED, Reason.URL_UNTRUSTED):
        "Nobody has signed the address at which the license is to be had. Go on only if you trust where the content came from.",
    (Phase.CONSENT_NEEDED, Reason.URL_TAMPERED):
        "Warning: the address at which the license is to be had was changed after it was signed. It is safer not to go on.",
    (Phase.BLOCKED, Reason.UNKNOWN):
        "{undone}: the service does not allow it here. {go_on}",
    (Phase.SUCCEEDED, Reason.LICENSES_RESTRICTED):
        "{done}, except for licenses that their issuers do not allow to be copied.",
    (Phase.SUCCEEDED, Reason.NOT_ALL_STORED):
        "{done}, except for some that could not be stored. For content that then does not play, get a new license.",
}

# Where the meaning of a reason speaks of the protocol, a user is told in other words.
PLAINLY: dict[Reason, str] = {
    Reason.NAME_NOT_RESOLVED:       "the service could not be found on the network",
    Reason.CONNECTION_REFUSED:      "the service did not take the connection",
    Reason.TLS_UNTRUSTED:           "the service could not prove that it is the real one",
    Reason.REQUEST_REFUSED:         "the service refused the request",
    Reason.RATE_LIMITED:            "the service is busy and asks for fewer requests",
    Reason.TOO_MANY_REDIRECTS:      "the service's address led in a circle",
    Reason.UNREADABLE_REPLY:        "the reply of the service makes no sense",
    Reason.REPLY_TOO_LARGE:         "the reply of the service was far too large",
    Reason.NEEDS_INDIVIDUALIZATION: "this device needs a security upgrade first",
    Reason.INTERACTION_REQUIRED:    "the service needs something from you first",
    Reason.LICENSE_DENIED:          "the service does not grant what was asked for",
    Reason.REPLAYED_REQUEST:        "the service took the request for one that it had seen before",
    Reason.NOT_SUPPORTED:           "this application cannot do it",
    Reason.BUSY:                    "the same is already being done",
    Reason.CONSENT_REFUSED:         "you did not agree",
    Reason.CANCELLED_BY_USER:       "you stopped it",
    Reason.UNKNOWN:                 "the cause is not known",
}

ADVICE: dict[Advice, str] = {
    Advice.RETRY_NOW:          "You can try again now.",
    Advice.RETRY_LATER:        "Please try again later.",
    Advice.NOT_TODAY:          "Please try again tomorrow.",
    Advice.AFTER_ANOTHER_STEP: "Once that is done, you can try again.",
    Advice.NEVER:              "Trying again will not help; please ask the provider.",
    Advice.NOTHING:            "There is nothing that you need to do.",
}

# What the user can do in particular. It may say more than the advice of the reason, never something else.
ADVICE_ON: dict[Reason, str] = {
    Reason.NAME_NOT_RESOLVED:       "Please check the connection to the Internet, and try again later.",
    Reason.TLS_UNTRUSTED:           "Please check this device's date and network, and try again later.",
    Reason.NEEDS_INDIVIDUALIZATION: "Once you have agreed to the upgrade, you can try again.",
    Reason.INTERACTION_REQUIRED:    "Once you have completed its page, you can try again.",
    Reason.LICENSE_DENIED:          "Trying again will not help; please ask the provider of the content.",
    Reason.DEVICE_REVOKED:          "Trying again will not help; please look for an upgrade of this application.",
    Reason.RESTORE_LIMIT:           "Trying again will not help; please ask the distributor of the licenses.",
    Reason.NOTHING_TO_RESTORE:      "Trying again will not help; please choose another backup.",
    Reason.STORAGE_FAILED:          "Please make sure that there is free space; you can try again now.",
    Reason.BACKUP_EXISTS:           "Once you agree to replace it or choose another place, you can try again.",
    Reason.BACKUP_CORRUPT:          "Trying again will not help; please choose another backup.",
    Reason.NOT_SUPPORTED:           "Trying again will not help; please use another application.",
    Reason.BUSY:                    "Please let that finish, and try again later.",
    Reason.URL_UNTRUSTED:           "Once you trust where the content came from, you can try again.",
    Reason.URL_TAMPERED:            "Once you have a clean copy of the content, you can try again.",
    Reason.CONSENT_REFUSED:         "Once you agree, you can try again.",
}

GO_ON = {
    Phase.PAGE_NEEDED: ("Please complete this page: {url}", "Please complete the page that it offers."),
    Phase.BLOCKED:     ("Please go on at this address: {url}", "Please ask the distributor of the licenses."),
}
# fmt: on


# What is put in where there is something to say; the space before a bracket is part of it.
ATTEMPT = " (attempt {attempt})"
PERCENT = " ({percent} %)"
PAUSES = {"soon": "soon", "seconds": "in {seconds} s", "minutes": "in {minutes} min"}

# For the checks, which read what a client says in whatever language: words, with spaces between them.
SAYING_NOTHING = "error errors code status failed failure is http hresult exception unknown"
PASSWORD = "password"


class Message(NamedTuple):
    """One text to translate.

    Attributes:
        context: Where it stands, as ``reason timed_out``. It is the key: one text in two places may need two translations.
        text: The text in the source language.
    """

    context: str
    text: str


def messages() -> Iterator[Message]:
    """All that there is to translate, in the order of the tables."""
    for operation, words in WORDS.items():
        yield from (Message(f"{operation} {field}", text) for field, text in asdict(words).items())
    yield from (Message(f"phase {phase}", text) for phase, text in SENTENCES.items())
    yield from (Message(f"phase {phase} reason {reason}", text) for (phase, reason), text in SENTENCES_BECAUSE.items())
    yield from (Message(f"reason {reason}", PLAINLY.get(reason, reason.meaning)) for reason in Reason)
    yield from (Message(f"advice {advice}", text) for advice, text in ADVICE.items())
    yield from (Message(f"advice on {reason}", text) for reason, text in ADVICE_ON.items())
    for phase, (with_url, without_url) in GO_ON.items():
        yield from (Message(f"go on {phase} with url", with_url), Message(f"go on {phase} without url", without_url))
    yield from (Message("attempt", ATTEMPT), Message("percent", PERCENT))
    yield from (Message(f"pause {unit}", text) for unit, text in PAUSES.items())
    yield from (Message(f"code {code.name}", code.meaning) for code in CODES)
    yield from (Message("check saying nothing", SAYING_NOTHING), Message("check password", PASSWORD))
