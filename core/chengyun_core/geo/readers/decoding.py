"""Bytes → text: UTF-8, else GB 18030, else refused with the place of the first byte that is neither."""

from chengyun_core.model.failure import Refused

UTF8, GB18030 = "utf-8", "gb18030"
_KNOWN = {
    "": "", "utf-8": UTF8, "utf8": UTF8, "65001": UTF8, "gbk": GB18030, "gb2312": GB18030, "gb18030": GB18030,
    "cp936": GB18030, "936": GB18030, "ansi 936": GB18030, "iso-8859-1": "latin-1", "latin-1": "latin-1",
    "88591": "latin-1", "ldid/77": GB18030, "ldid/87": "latin-1",
}  # fmt: skip
"""Names people and .cpg files give; GB 18030 holds the older two."""


def named(encoding: str) -> str:
    """Return the codec of a name; raise Refused `map.encoding_unknown`."""
    key = encoding.strip().lower()
    if key not in _KNOWN:
        raise Refused("map.encoding_unknown", encoding=encoding[:40])
    return _KNOWN[key]


def decoded(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Return the text and the codec it was read with. Raises Refused `map.not_text` with the line."""
    codec = named(encoding)
    data = data.removeprefix(b"\xef\xbb\xbf")
    for one in (codec,) if codec else (UTF8, GB18030):
        try:
            return data.decode(one), one
        except UnicodeDecodeError as fault:
            place = fault.start
    line = data.count(b"\n", 0, place) + 1
    raise Refused("map.not_text", line=line, byte=f"0x{data[place]:02x}")
