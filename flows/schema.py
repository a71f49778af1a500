"""The flow format as a JSON Schema (draft 7), so that an editor completes and checks a flow as it is typed.

It is made from the tables of `engine/format.py`, like the parser. Each part of a file, above and below `---`, is
checked against the same schema: what has a header's key with no block under it is a header.
"""

import json
from collections.abc import Mapping, Sequence

from flows.engine.format import (
    BLOCKS,
    CODE,
    HEADER,
    LANGUAGES,
    LIST,
    LISTING,
    NAME,
    OPERATION,
    REFERENCE,
    SAID,
    SENTENCE,
    SUBDIALOG,
    Key,
    Shape,
)
from flows.engine.grammar import PATTERN
from flows.engine.model import RESERVED

Schema = dict[str, object]
_TEXT: Schema = {"type": "string", "pattern": "\\S"}
_PLAIN: Schema = {"anyOf": [_TEXT, {"type": "number"}]}
_NAME: Schema = {"type": "string", "pattern": f"^{NAME}$"}
_RESERVED: Schema = {"enum": list(RESERVED), "description": "leave, the main menu, a person, the flow that was chosen"}


def text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """The schema of both parts of a flow."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A flow of Ghanti: a header, ---, blocks",
        "if": {"anyOf": [_names(key.name) for key in {key.name: key for key in (*HEADER, *SUBDIALOG)}.values()]},
        "then": {
            "if": {"required": ["kind"]},
            "then": {"$ref": "#/definitions/subdialog"},
            "else": {"$ref": "#/definitions/header"},
        },
        "else": {"$ref": "#/definitions/blocks"},
        "definitions": {
            "header": _keyed(HEADER),
            "subdialog": _keyed(SUBDIALOG),
            "blocks": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"allOf": [_NAME, {"not": {"enum": [*RESERVED, LANGUAGES]}}]},
                "additionalProperties": {"oneOf": [{"$ref": f"#/definitions/{kind}"} for kind in BLOCKS]},
            },
            **{kind: _keyed(keys) for kind, keys in BLOCKS.items()},
            "sentence": {"anyOf": [_TEXT, {**_keyed(SENTENCE), "anyOf": _either_text_or_count()}]},
            "said": {"anyOf": [_TEXT, _keyed(SAID)]},
            "destination": {"anyOf": [_RESERVED, _NAME]},
            "destinations": _map_of({"$ref": "#/definitions/destination"}),
        },
    }


def _names(key: str) -> Schema:
    """Whatever has this key of a header, with something else than a block under it."""
    block: Schema = {"type": "object", "anyOf": [{"required": [kind]} for kind in BLOCKS]}
    return {"required": [key], "properties": {key: {"not": block}}}


def _keyed(keys: Sequence[Key]) -> Schema:
    return {
        "type": "object",
        "required": [key.name for key in keys if key.required],
        "properties": {key.name: {"description": key.about, **_shape(key)} for key in keys},
        "additionalProperties": False,
    }


def _either_text_or_count() -> list[Schema]:
    no_count: Schema = {"not": {"anyOf": [{"required": ["one"]}, {"required": ["other"]}]}}
    return [
        {"required": ["text"], **no_count},
        {"required": ["one", "other"], "not": {"required": ["text"]}},
    ]


def _map_of(value: Mapping[str, object]) -> Schema:
    return {"type": "object", "minProperties": 1, "propertyNames": _NAME, "additionalProperties": dict(value)}


def _shape(key: Key) -> Schema:
    """What may stand under a key."""
    values: Schema = {"enum": list(key.values)}
    match key.shape:
        case Shape.sentence | Shape.said | Shape.destination:
            return {"allOf": [{"$ref": f"#/definitions/{key.shape.name}"}]}
        case Shape.plain:
            return _PLAIN
        case Shape.one_of:
            return values
        case Shape.several_of:
            return {"anyOf": [values, {"type": "array", "minItems": 1, "items": values}]}
        case Shape.words:
            return {"anyOf": [_PLAIN, {"type": "array", "minItems": 1, "items": _PLAIN}]}
        case Shape.name:
            return _NAME
        case Shape.code:
            return {"anyOf": [{"type": "string", "pattern": f"^{CODE}$"}, {"type": "integer", "minimum": 10}]}
        case Shape.operation:
            return {"type": "string", "pattern": f"^{OPERATION}$"}
        case Shape.grammar:
            return {"type": "string", "pattern": PATTERN}
        case Shape.list:
            return {"type": "string", "pattern": f"^({LIST})$"}
        case Shape.choices:
            labels = _map_of({"$ref": "#/definitions/sentence"})
            return {"anyOf": [_keyed(LISTING), {**labels, "not": {"required": ["from"]}}]}
        case Shape.destinations:
            return {"anyOf": [{"$ref": "#/definitions/destination"}, {"$ref": "#/definitions/destinations"}]}
        case Shape.exits:
            return {"allOf": [{"$ref": "#/definitions/destinations"}]}
        case Shape.given:
            reference: Schema = {"type": "string", "pattern": f"^{REFERENCE}$"}
            return {"anyOf": [_NAME, {"type": "array", "minItems": 1, "items": _NAME}, _map_of(reference)]}
