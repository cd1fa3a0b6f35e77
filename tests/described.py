"""Whether an answer of the API is what its description says: status, shape, and no field beside those described."""

import re
from functools import cache

import jsonschema_rs
import orjson
from drf_spectacular.generators import SchemaGenerator

WHOLE = "urn:tandem"


@cache
def _paths():
    """[(pattern of an address, {method: operation})], plain addresses first; what problems are like; the whole, to look shapes up."""
    whole = SchemaGenerator().get_schema(request=None, public=True)
    whole = _plain(orjson.loads(orjson.dumps(whole, default=str, option=orjson.OPT_NON_STR_KEYS)))
    registry = jsonschema_rs.Registry([(WHOLE, whole)])
    paths = sorted(whole["paths"].items(), key=lambda one: one[0].count("{"))
    patterns = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations) for path, operations in paths]
    return patterns, whole["components"]["responses"], registry


def _plain(node):
    """OpenAPI 3.0 as JSON Schema: null where it says so, and of an object nothing but what it names."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    shape = {"anyOf" if name == "oneOf" else name: _plain(one) for name, one in node.items()}
    if isinstance(shape.get("properties"), dict) and shape.get("type") == "object":
        shape.setdefault("additionalProperties", False)
    nullable = shape.pop("nullable", False)
    return {"anyOf": [shape, {"type": "null"}]} if nullable is True else shape


def differences(method, path, status, body):
    """What of a JSON answer its description does not say, as texts; none for an address that is not described."""
    patterns, problems, _whole = _paths()
    operations = next((found for pattern, found in patterns if pattern.fullmatch(path)), {})
    operation = operations.get(method.lower())
    if operation is None:
        return []
    told = operation["responses"].get(str(status))
    if told is None:
        return [f"{method} {path}: {status} is not described"]
    if "$ref" in told:
        told = problems[told["$ref"].rpartition("/")[2]]
    shapes = [one["schema"] for kind, one in told.get("content", {}).items() if "json" in kind]
    if not shapes:
        return [f"{method} {path}: {status} is described without a body"] if body is not None else []
    shape = orjson.dumps(shapes[0]).replace(b'"#/', f'"{WHOLE}#/'.encode())
    return [
        f"{method} {path} {status} {'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in _checker(shape).iter_errors(body)
    ]


@cache
def _checker(shape):
    return jsonschema_rs.validator_for(orjson.loads(shape), registry=_paths()[2])
