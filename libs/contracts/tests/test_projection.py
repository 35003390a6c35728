"""The documents in proto/ are the contracts, and say so truthfully."""

from collections import Counter
from pathlib import Path

import jsonschema
import msgspec
import pytest

from revenge.contracts import Contract, Event, Job, Rpc, projection
from revenge.contracts.__main__ import main

ROOT = Path(__file__).parents[3]
EVERY = [contract for _, contract in projection.contracts()]


def test_the_committed_documents_are_those_of_the_contracts(tmp_path: Path) -> None:
    main(tmp_path)

    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.json")}
    kept = {
        path.relative_to(ROOT / "proto"): path.read_bytes()
        for path in (ROOT / "proto").rglob("*.json")
        if path.name != "openapi.json"
    }
    assert kept == made, "run `make proto` and review the difference"


def test_a_document_whose_contract_is_gone_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / "schemas" / "auth" / "rpc.auth.gone.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")

    main(tmp_path)

    assert not stale.exists()


@pytest.mark.parametrize("contract", EVERY, ids=lambda contract: contract.subject)
def test_every_schema_is_a_schema(contract: Contract) -> None:
    document = projection.schema(contract)

    for part in document["messages"].values():
        jsonschema.Draft202012Validator.check_schema({**part, "$defs": document["$defs"]})


def test_subjects_say_their_kind_first() -> None:
    prefixes = {Rpc: "rpc.", Event: "event.", Job: "job."}

    assert all(contract.subject.startswith(prefixes[type(contract)]) for contract in EVERY)


def test_no_two_events_have_the_same_type() -> None:
    types = Counter(contract.type for contract in EVERY if isinstance(contract, Event))

    assert [name for name, times in types.items() if times > 1] == []


def test_an_event_for_some_says_for_whom() -> None:
    """The audiences that depend on the payload find in it what they depend on."""
    needed = {"libraries": "library_ids", "user": "user_id"}

    for contract in EVERY:
        if isinstance(contract, Event) and contract.audience.value in needed:
            fields = {field.name for field in msgspec.structs.fields(contract.payload)}
            assert needed[contract.audience.value] in fields, contract.subject


def test_asyncapi_names_every_subject() -> None:
    document = projection.asyncapi()

    addresses = {channel["address"] for channel in document["channels"].values()}
    assert addresses == {contract.subject for contract in EVERY}
