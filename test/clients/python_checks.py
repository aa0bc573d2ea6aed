"""What both scripts need: a task, and checks that print what they found as one line of JSON each."""

import json
import sys
import traceback
from contextlib import asynccontextmanager

import jsonschema


def task():
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


@asynccontextmanager
async def check(name):
    """The check holds when its body ends without an error."""
    error = None
    try:
        yield
    except Exception:  # whatever it is, it is the finding
        error = traceback.format_exc(limit=-3)
    print(json.dumps({"check": name, "error": error}), flush=True)


def expect(truth, *words):
    if not truth:
        raise AssertionError(" ".join(str(word) for word in words))


def validate_definition(tool, input_schema, output_schema):
    """Both schemas are schemas, and describe every argument."""
    for schema in (input_schema, output_schema):
        jsonschema.Draft202012Validator.check_schema(schema)
    for name, argument in input_schema.get("properties", {}).items():
        expect(argument.get("description"), tool, "does not describe", name)


def validate_result(value, output_schema):
    jsonschema.Draft202012Validator(output_schema).validate(value)
    expect(value["success"] is True, value)


def validate_error(text):
    error = json.loads(text)
    expect(error["success"] is False, error)
    expect(error["error_code"] and error["message"] and error["hint"], error)
    return error
