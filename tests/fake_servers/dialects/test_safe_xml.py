"""XML from strangers is read without expanding anything."""

from xml.etree.ElementTree import Element

import pytest

from fake_servers.dialects.safe_xml import add_text, parse_xml, texts, write_xml

LAUGHS = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))  # a thousand million times "ha"
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x0 "ha">{LAUGHS}]><x>&x9;</x>'


@pytest.mark.parametrize(
    "text",
    [
        BILLION_LAUGHS,
        "<!DOCTYPE x><x/>",
        '<!DOCTYPE x SYSTEM "file:///etc/hostname"><x/>',
        '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]><x>&y;</x>',
    ],
)
def test_a_document_type_is_refused_unread(text: str) -> None:
    with pytest.raises(ValueError, match="refused unread"):
        parse_xml(text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "cp037"])
def test_another_encoding_is_no_way_around(encoding: str) -> None:
    declared = BILLION_LAUGHS.replace("?>", f' encoding="{encoding}"?>', 1)
    with pytest.raises(ValueError, match=r"refused unread|well-formed|utf-8"):
        parse_xml(declared.encode(encoding))


def test_an_undeclared_entity_is_an_error_and_the_five_known_ones_are_read() -> None:
    with pytest.raises(ValueError, match="undefined entity"):
        parse_xml(b"<x>&y;</x>")
    assert parse_xml(b"<x>&amp;&lt;&gt;&quot;&apos;&#233;</x>").text == "&<>\"'é"


def test_what_was_written_is_read_again() -> None:
    root = Element("x", said="”é\r\n\t<&>")
    add_text(root, "y", "<!DOCTYPE is only words here>")
    add_text(root, "y", "")
    document = write_xml(root)
    again = parse_xml(document)
    assert again.get("said") == "”é\r\n\t<&>"
    assert texts(again, "y") == ("<!DOCTYPE is only words here>",)
