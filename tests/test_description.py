"""The interface's own description says who may ask and how asking may fail."""

import pytest

from studymaster.api import create_api

PROBLEM = {"$ref": "#/components/schemas/Problem"}


@pytest.fixture(scope="module")
def document() -> dict:
    return create_api().openapi()


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does_and_where_it_belongs(document) -> None:
    for path, method, operation in operations(document):
        assert operation["tags"], path
        assert operation["summary"], f"{method} {path} has no docstring"
        assert not operation["summary"].endswith("."), path


def test_no_two_operations_have_the_same_id(document) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len({*ids}) == len(ids)


def test_every_way_to_fail_is_a_problem_document(document) -> None:
    for path, method, operation in operations(document):
        failures = {
            status: answer
            for status, answer in operation["responses"].items()
            if int(status) >= 400
        }
        assert {"401", "404", "409", "422", "429", "503"} <= set(failures), path
        if method != "get":
            assert {"400", "403", "413"} <= set(failures), path
        for answer in failures.values():
            assert answer["content"] == {"application/problem+json": {"schema": PROBLEM}}


def test_only_what_concerns_a_student_asks_for_a_proof(document) -> None:
    needs = {
        (method, path): "security" in operation
        for path, method, operation in operations(document)
    }
    assert needs["get", "/api/v1/auth/me"]
    assert needs["get", "/api/v1/flashcards/due"]
    assert not needs["post", "/api/v1/auth/login"]
    assert not needs["get", "/api/v1/health"]
    assert set(document["components"]["securitySchemes"]) == {"cookie", "bearer"}


def test_what_is_referred_to_is_there(document) -> None:
    names = {
        text.partition('"')[0]
        for text in str(document).replace("'", '"').split("#/components/schemas/")[1:]
    }
    assert names <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in names
