"""The catalogue of result codes, judged by a list written from the documents and not from the table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from harness.status.advice import Advice
from harness.status.code import CODES, Code, CodeName, UnknownCodeError, catalogue, code_named, code_valued
from harness.status.code_table import Row
from harness.status.ending import Ending

# Vector. Sources: the Windows Media Format SDK's list of error codes, nserror.h, the WinINet error numbers, winerror.h.
DOCUMENTED = """
NS_S_DRM_INDIVIDUALIZED 000D2727
NS_S_DRM_NEEDS_INDIVIDUALIZATION 000D27DE
NS_E_DRM_NEEDS_INDIVIDUALIZATION C00D2728
NS_E_DRM_ALREADY_INITIALIZED C00D2729
NS_E_DRM_INDIVIDUALIZING C00D272C
NS_E_DRM_UNABLE_TO_CREATE_INDI_OBJECT C00D2731
NS_E_DRM_INDIVIDUALIZE_ERROR C00D2736
NS_E_DRM_INDIVIDUALIZATION_INCOMPLETE C00D274C
NS_E_DRM_SECURITY_COMPONENT_SIGNATURE_INVALID C00D2760
NS_E_DRM_POLICY_DISABLE_ONLINE C00D2762
NS_E_DRM_STORE_NEEDINDI C00D27DB
NS_E_DRM_BUSY C00D2841
NS_E_DRM_INDIV_FRAUD C00D2843
NS_E_DRM_INDIV_NO_CABS C00D2844
NS_E_DRM_INDIV_SERVICE_UNAVAILABLE C00D2845

NS_S_DRM_LICENSE_ACQUIRED 000D2726
NS_S_DRM_MONITOR_CANCELLED 000D2746
NS_S_DRM_ACQUIRE_CANCELLED 000D2747
NS_E_PROTECTED_CONTENT C00D0BBD
NS_E_LICENSE_REQUIRED C00D0BBE
NS_E_TAMPERED_CONTENT C00D0BBF
NS_E_LICENSE_OUTOFDATE C00D0BC0
NS_E_LICENSE_INCORRECT_RIGHTS C00D0BC1
NS_E_DRM_LICENSE_STORE_ERROR C00D2712
NS_E_DRM_LICENSE_STORE_SAVE_ERROR C00D2714
NS_E_DRM_UNABLE_TO_OPEN_LICENSE C00D2717
NS_E_DRM_INVALID_LICENSE C00D2718
NS_E_DRM_INVALID_LICENSE_REQUEST C00D271C
NS_E_DRM_UNABLE_TO_ACQUIRE_LICENSE C00D271E
NS_E_DRM_INVALID_LICENSE_ACQUIRED C00D271F
NS_E_DRM_NO_RIGHTS C00D2720
NS_E_DRM_ACQUIRING_LICENSE C00D272B
NS_E_DRM_MONITOR_ERROR C00D273E
NS_E_DRM_LICENSE_UNUSABLE C00D2748
NS_E_DRM_SECURE_STORE_NOT_FOUND C00D274A
NS_E_DRM_REOPEN_CONTENT C00D274F
NS_E_DRM_APPCERT_REVOKED C00D2752
NS_E_DRM_LICENSE_NOTACQUIRED C00D2759
NS_E_DRM_ERROR_BAD_NET_RESP C00D275E
NS_E_DRM_OPERATION_CANCELED C00D2768
NS_E_LICENSE_HEADER_MISSING_URL C00D277A
NS_E_DRM_LICENSE_EXPIRED C00D27D8
NS_E_DRM_LICENSE_NOTENABLED C00D27D9
NS_E_DRM_LICENSE_APPSECLOW C00D27DA
NS_E_DRM_LICENSE_CERT_EXPIRED C00D27DF
NS_E_DRM_LICENSE_CONTENT_REVOKED C00D27E1
NS_E_DRM_LICENSE_UNAVAILABLE C00D28A2

NS_E_DRM_LICENSE_DELETION_ERROR C00D284E
NS_E_DRM_BUFFER_TOO_SMALL C00D275C
NS_E_DRM_INVALID_CERTIFICATE C00D28A0
NS_E_DRM_INVALID_LICENSEBLOB C00D28B4
NS_E_DRM_EXPIRED_LICENSEBLOB C00D28B3

NS_E_DRM_INVALID_MACHINE C00D2719
NS_E_BACKUP_RESTORE_FAILURE C00D272D
NS_E_BACKUP_RESTORE_BAD_REQUEST_ID C00D272E
NS_E_DRM_UNABLE_TO_CREATE_BACKUP_OBJECT C00D2735
NS_E_DRM_BACKUP_EXISTS C00D2742
NS_E_DRM_BACKUP_CORRUPT C00D2743
NS_E_DRM_BACKUPRESTORE_BUSY C00D2744
NS_E_BACKUP_RESTORE_BAD_DATA C00D2745
NS_E_DRM_RESTORE_FRAUD C00D2753
NS_E_DRM_STORE_NOTALLSTORED C00D275F
NS_E_BACKUP_RESTORE_TOO_MANY_RESETS C00D2766
NS_E_DRM_CHECKPOINT_FAILED C00D277F
NS_E_DRM_RESTORE_SERVICE_UNAVAILABLE C00D2846

NS_E_SERVER_NOT_FOUND C00D0035
S_OK 00000000
E_FAIL 80004005
E_INVALIDARG 80070057
E_NOTIMPL 80004001
E_OUTOFMEMORY 8007000E
E_POINTER 80004003
E_UNEXPECTED 8000FFFF
"""
VALUES = {name: int(value, 16) for name, value in map(str.split, filter(None, DOCUMENTED.splitlines()))}

WININET = {  # documented as decimal error numbers; HRESULT_FROM_WIN32 puts 0x8007 before them
    "WININET_E_TIMEOUT": 12002,
    "WININET_E_NAME_NOT_RESOLVED": 12007,
    "WININET_E_OPERATION_CANCELLED": 12017,
    "WININET_E_CANNOT_CONNECT": 12029,
    "WININET_E_CONNECTION_ABORTED": 12030,
    "WININET_E_CONNECTION_RESET": 12031,
    "WININET_E_FORCE_RETRY": 12032,
    "WININET_E_DISCONNECTED": 12163,
    "WININET_E_PROXY_SERVER_UNREACHABLE": 12165,
}
VALUES |= {name: 0x8007_0000 | number for name, number in WININET.items()}


def test_the_catalogue_holds_exactly_the_documented_codes() -> None:
    assert {code.name: code.value for code in CODES} == VALUES
    assert len(CODES) == len(VALUES)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_every_code_is_found_by_its_name_and_by_its_value(code: Code) -> None:
    assert code_named(code.name) is code
    assert code_valued(code.value) is code


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_every_meaning_reads_as_part_of_a_sentence_for_a_user(code: Code) -> None:
    assert code.meaning == code.meaning.strip()
    assert code.meaning[0].islower()
    assert code.meaning[-1].isalpha()
    assert "_" not in code.meaning


def test_no_two_codes_tell_the_user_the_same() -> None:
    assert len({code.meaning for code in CODES}) == len(CODES)


@pytest.mark.parametrize(
    "name",
    [
        "NS_S_DRM_ACQUIRE_CANCELLED",  # these two are of the success class
        "NS_S_DRM_MONITOR_CANCELLED",
        "NS_E_DRM_OPERATION_CANCELED",
        "WININET_E_OPERATION_CANCELLED",
    ],
)
def test_a_cancel_code_ends_cancelled_and_lets_the_user_start_again(name: str) -> None:
    code = code_named(name)
    assert code.ending is Ending.CANCELLED
    assert code.advice is Advice.NOTHING
    assert code.retryable


def test_only_three_codes_say_that_an_operation_succeeded() -> None:
    assert [code.name for code in CODES if code.ending is Ending.SUCCEEDED] == [
        "NS_S_DRM_INDIVIDUALIZED",
        "NS_S_DRM_LICENSE_ACQUIRED",
        "S_OK",
    ]


def test_nothing_but_the_ending_tells_whether_a_code_is_good_news() -> None:
    offered = {name for name in dir(Code) if not name.startswith("_")}
    assert offered == {"name", "value", "meaning", "advice", "ending", "retryable"}


@pytest.mark.parametrize("name", ["NS_E_DRM_INDIVIDUALIZING", "NS_E_DRM_ACQUIRING_LICENSE", "NS_E_DRM_BACKUPRESTORE_BUSY"])
def test_a_busy_code_asks_to_wait_and_decides_nothing(name: str) -> None:
    assert code_named(name).advice is Advice.RETRY_LATER
    assert code_named(name).ending is Ending.UNDECIDED


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("NS_E_DRM_INDIV_FRAUD", Advice.NOT_TODAY),
        ("NS_E_DRM_RESTORE_FRAUD", Advice.NEVER),
        ("NS_E_DRM_APPCERT_REVOKED", Advice.NEVER),
        ("NS_E_DRM_POLICY_DISABLE_ONLINE", Advice.NEVER),
        ("NS_E_DRM_LICENSE_APPSECLOW", Advice.NEVER),
        ("NS_E_TAMPERED_CONTENT", Advice.NEVER),
        ("NS_E_DRM_LICENSE_NOTACQUIRED", Advice.AFTER_ANOTHER_STEP),
        ("NS_E_DRM_NEEDS_INDIVIDUALIZATION", Advice.AFTER_ANOTHER_STEP),
        ("NS_S_DRM_NEEDS_INDIVIDUALIZATION", Advice.AFTER_ANOTHER_STEP),
        ("NS_E_DRM_UNABLE_TO_ACQUIRE_LICENSE", Advice.RETRY_LATER),
        ("WININET_E_CONNECTION_RESET", Advice.RETRY_NOW),
        ("NS_S_DRM_LICENSE_ACQUIRED", Advice.NOTHING),
    ],
)
def test_the_advice_follows_the_documents(name: str, advice: Advice) -> None:
    assert code_named(name).advice is advice


@pytest.mark.parametrize(
    ("advice", "retryable", "automatic"),
    [
        (Advice.RETRY_NOW, True, True),
        (Advice.RETRY_LATER, True, True),
        (Advice.NOT_TODAY, True, False),
        (Advice.AFTER_ANOTHER_STEP, True, False),
        (Advice.NEVER, False, False),
        (Advice.NOTHING, False, False),
    ],
)
def test_an_advice_says_who_may_repeat(advice: Advice, retryable: bool, automatic: bool) -> None:
    assert (advice.retryable, advice.automatic) == (retryable, automatic)


def test_a_failure_that_left_something_to_do_never_ends_with_nothing_to_do() -> None:
    idle = {code.name for code in CODES if code.ending is Ending.FAILED and code.advice is Advice.NOTHING}
    assert idle == set()


ROW: Row = ("NS_E_DRM_NO_RIGHTS", 0xC00D2720, Ending.FAILED, Advice.NEVER, "not permitted")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([ROW, ("NS_E_DRM_NO_RIGHTS", 0xC00D2721, *ROW[2:])], "NS_E_DRM_NO_RIGHTS has the same name or value"),
        ([ROW, ("NS_E_OTHER", 0xC00D2720, *ROW[2:])], "NS_E_OTHER = 0xC00D2720: NS_E_DRM_NO_RIGHTS has the same"),
        ([("NS_E_X", 0xC00D2720, Ending.SUCCEEDED, *ROW[3:])], "0xC00D2720 rules out the ending 'succeeded'"),
        ([("NS_S_X", 0x000D2720, Ending.FAILED, *ROW[3:])], "0x000D2720 rules out the ending 'failed'"),
        ([("NS_E_X", 0x1C00D2720, *ROW[2:])], "not an unsigned 32-bit number"),
        ([("NS_E_X", -1, *ROW[2:])], "not an unsigned 32-bit number"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(rows: list[Row], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        catalogue(rows)


@pytest.mark.parametrize("ending", [Ending.CANCELLED, Ending.UNDECIDED])
@pytest.mark.parametrize("value", [0x000D0001, 0xC00D0001])
def test_either_class_of_value_may_end_cancelled_or_undecided(value: int, ending: Ending) -> None:
    assert catalogue([("NEW", value, ending, *ROW[3:])])[0].ending is ending


def test_a_signed_hresult_finds_its_code() -> None:
    assert code_valued(0xC00D2720 - 2**32) is code_named("NS_E_DRM_NO_RIGHTS")


@pytest.mark.parametrize("value", [0xC00DFFFF, 1, -1, 2**32, -(2**32)])
def test_a_value_outside_the_catalogue_finds_nothing(value: int) -> None:
    assert code_valued(value) is None


@pytest.mark.parametrize(
    ("wrong", "suggestion"),
    [
        ("NS_E_DRM_NO_RIGHT", "did you mean NS_E_DRM_NO_RIGHTS"),
        ("ns_e_drm_no_rights", "did you mean NS_E_DRM_NO_RIGHTS"),
        ("NS_S_DRM_ACQUIRE_CANCELED", "did you mean NS_S_DRM_ACQUIRE_CANCELLED"),
        ("potato", "names are those of nserror.h"),
    ],
)
def test_a_name_nearly_right_is_answered_with_the_nearest(wrong: str, suggestion: str) -> None:
    with pytest.raises(UnknownCodeError, match=suggestion) as refused:
        code_named(wrong)
    assert f"no code is named '{wrong}'" in str(refused.value)


class Message(BaseModel):
    model_config = ConfigDict(frozen=True)

    code: CodeName
    cause: CodeName | None = None


@pytest.mark.parametrize(
    "given",
    [
        code_named("NS_S_DRM_ACQUIRE_CANCELLED"),
        "NS_S_DRM_ACQUIRE_CANCELLED",
        0x000D2747,
        "0x000D2747",
        "0xd2747",
    ],
)
def test_a_field_reads_a_code_its_name_or_its_value_and_writes_the_name(given: object) -> None:
    message = Message.model_validate({"code": given})
    assert message.code is code_named("NS_S_DRM_ACQUIRE_CANCELLED")
    assert message.model_dump() == {"code": "NS_S_DRM_ACQUIRE_CANCELLED", "cause": None}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_every_code_survives_json_and_back(code: Code) -> None:
    message = Message(code=code, cause=code)
    assert message.model_dump_json() == f'{{"code":"{code.name}","cause":"{code.name}"}}'
    assert Message.model_validate_json(message.model_dump_json()) == message


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("NS_E_DRM_NO_RIGHT", "did you mean NS_E_DRM_NO_RIGHTS"),
        (0xC00DFFFF, "no code has the value 0xC00DFFFF"),
        (0xC00DFFFF - 2**32, "no code has the value 0xC00DFFFF"),
        ("0xC00DFFFF", "no code has the value 0xC00DFFFF"),
        ("0xpotato", "'0xpotato' is not a hexadecimal number"),
        (False, "not by False"),  # 0 is S_OK: a flag must not read as a success
        (None, "not by None"),
        (1.5, "not by 1.5"),
    ],
)
def test_a_field_refuses_what_is_no_code_and_says_where(given: object, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint) as refused:
        Message.model_validate({"code": given})
    assert refused.value.errors()[0]["loc"] == ("code",)


def test_a_field_takes_the_catalogues_word_over_a_forged_code() -> None:
    real = code_named("NS_S_DRM_ACQUIRE_CANCELLED")
    assert Message(code=replace(real, ending=Ending.SUCCEEDED)).code.ending is Ending.CANCELLED


def test_a_schema_shows_what_is_read_and_what_is_written() -> None:
    field: TypeAdapter[Code] = TypeAdapter(CodeName)
    assert field.json_schema(mode="validation") == {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    assert field.json_schema(mode="serialization") == {"type": "string"}
