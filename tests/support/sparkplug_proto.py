"""Sparkplug payloads made with Google's protobuf from the published message: the judge of our own decoder."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_KINDS = descriptor_pb2.FieldDescriptorProto
_FIELDS = {
    "PropertyValue": (
        ("type", 1, "UINT32"), ("is_null", 2, "BOOL"), ("int_value", 3, "UINT32"), ("long_value", 4, "UINT64"),
    ),
    "PropertySet": (("keys", 1, "STRING*"), ("values", 2, "PropertyValue*")),
    "Metric": (
        ("name", 1, "STRING"), ("alias", 2, "UINT64"), ("timestamp", 3, "UINT64"), ("datatype", 4, "UINT32"),
        ("is_historical", 5, "BOOL"), ("is_transient", 6, "BOOL"), ("is_null", 7, "BOOL"),
        ("properties", 9, "PropertySet"), ("int_value", 10, "UINT32"), ("long_value", 11, "UINT64"),
        ("float_value", 12, "FLOAT"), ("double_value", 13, "DOUBLE"), ("boolean_value", 14, "BOOL"),
        ("string_value", 15, "STRING"), ("bytes_value", 16, "BYTES"),
    ),
    "Payload": (
        ("timestamp", 1, "UINT64"), ("metrics", 2, "Metric*"), ("seq", 3, "UINT64"), ("uuid", 4, "STRING"),
        ("body", 5, "BYTES"),
    ),
}  # fmt: skip
"""Of sparkplug_b.proto (Eclipse Tahu, Sparkplug 3.0), in proto2; `*`: repeated."""


def _made():
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package="sparkplug", syntax="proto2")
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            plain = kind.rstrip("*")
            added = message.field.add(name=field, number=number)
            added.label = _KINDS.LABEL_REPEATED if kind != plain else _KINDS.LABEL_OPTIONAL
            added.type = _KINDS.TYPE_MESSAGE if plain in _FIELDS else getattr(_KINDS, f"TYPE_{plain}")
            if plain in _FIELDS:
                added.type_name = f".sparkplug.{plain}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"sparkplug.{name}")) for name in _FIELDS}


MESSAGES = _made()


def metric(name, datatype, value, *, alias=None, timestamp=None, historical=False, quality=None, as_type=None):
    """A metric; value None is null. `as_type`: how the value travels when the type is left out."""
    made = MESSAGES["Metric"]()
    sent = {"name": name, "alias": alias, "timestamp": timestamp, "datatype": datatype}
    for field, content in sent.items():
        if content is not None:
            setattr(made, field, content)
    if historical:
        made.is_historical = True
    if quality is not None:
        made.properties.keys.append("Quality")
        made.properties.values.add(type=3, int_value=quality)
    if value is None:
        made.is_null = True
    else:
        _put(made, datatype or as_type, value)
    return made


def _put(made, datatype, value):
    if datatype in (1, 2, 3, 5, 6, 7):
        made.int_value = value & 0xFFFFFFFF
    elif datatype in (4, 8, 13):
        made.long_value = value & 0xFFFFFFFFFFFFFFFF
    else:
        setattr(made, {9: "float_value", 10: "double_value", 11: "boolean_value", 12: "string_value"}[datatype], value)


def payload(timestamp, seq, *metrics):
    """The bytes of a message."""
    made = MESSAGES["Payload"](timestamp=timestamp)
    if seq is not None:
        made.seq = seq
    made.metrics.extend(metrics)
    return made.SerializeToString()
