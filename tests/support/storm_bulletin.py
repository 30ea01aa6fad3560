"""A bulletin of heavy rain over 渝北 as a weather service sends it: CAP 1.2, made here."""

_SENDER, _SENT = "cqqx@weather.test", "2026-07-18T{clock}:0{order}+08:00"
_NUMBER = "50000041600000_2026071821400{order}"
Ring = tuple[tuple[float, float], ...]


def bulletin(
    *, kind: str = "Alert", identifier: str = "1", references: str = "", clock: str = "22:38", ring: Ring = ()
) -> bytes:
    """Return the bytes; `identifier` is one digit, `references` that of the message it updates or cancels.

    `clock` is the minute of that evening in which the first one is sent, `ring` its outline: longitude, latitude.
    """
    outline = f"<polygon>{' '.join(f'{north},{east}' for east, north in ring)}</polygon>" if ring else ""
    sent = _SENT.format(order=identifier, clock=clock)
    named = f"<references>{_reference(references, clock)}</references>" if references else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{_NUMBER.format(order=identifier)}</identifier><sender>{_SENDER}</sender><sent>{sent}</sent>
  <status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{named}
  <info>
    <language>zh-CN</language><category>Met</category><event>暴雨</event>
    <urgency>Immediate</urgency><severity>Extreme</severity><certainty>Likely</certainty>
    <effective>{sent}</effective><expires>2026-07-19T04:38:00+08:00</expires>
    <senderName>重庆市气象台</senderName><headline>重庆市气象台发布暴雨红色预警信号</headline>
    <description>预计未来3小时渝北区降雨量将达100毫米以上，可能引发城市内涝和山洪。</description>
    <instruction>停止户外活动，低洼地区人员立即转移，下穿道封闭。</instruction>
    <area><areaDesc>渝北区</areaDesc>{outline}<geocode><valueName>adcode</valueName><value>500112</value></geocode></area>
  </info>
</alert>""".encode()


def _reference(order: str, clock: str) -> str:
    return f"{_SENDER},{_NUMBER.format(order=order)},{_SENT.format(order=order, clock=clock)}"
