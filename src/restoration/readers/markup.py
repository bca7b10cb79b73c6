"""XML from outside, read element by element: no document type, no depth without end, and its own words for what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ..data import builtin
from ..errors import FileRefused
from ..text import Text

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def ended(text: str, *, roots: Collection[str], refused: Callable[[Text], FileRefused]) -> Iterator[tuple[Element, list[Element]]]:
    """Each element as it ends, with those that it stands in; who has no more use for it takes it out of the last of them.

    Parameters
    ----------
    roots
        Tags that the outermost element may have.
    refused
        Makes the error from what is wrong.

    Raises
    ------
    FileRefused
        It is no XML, is nested too deep, declares a document type, or has another root.
    """
    limit = int(builtin("limits")["xml"]["depth"])
    # Expat knows few encodings and the text is decoded already, so the declaration goes.
    stream = BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", errors="replace"))
    above: list[Element] = []
    try:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "end":
                above.pop()
                yield element, above
                continue
            if not above and tag_of(element) not in roots:
                raise refused(Text(f"根元素是 {tag_of(element)}", f"its root is {tag_of(element)}"))
            if len(above) >= limit:
                raise refused(Text(f"嵌套超过 {limit} 层", f"it is nested more than {limit} deep"))
            above.append(element)
    except (ParseError, DefusedXmlException, UnicodeError, ValueError) as error:
        raise refused(Text(f"XML 有误（{error}）", f"its XML is wrong ({error})")) from error


def tag_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Element) -> str:
    """The text of an element, without white space around it."""
    return (element.text or "").strip()
