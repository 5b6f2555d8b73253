"""The API: every list against SQL of the snapshot, page by page, masked by role, with ETag and problems in words."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from starlette.testclient import TestClient

from esep.config import PROJECT, Settings
from esep.warehouse import masked, work
from ops import personal_office
from ops.personal_office import IIN, SECRETS
from warehouse.warehouse_office import MINER, POOL, Office, row

LISTS = {
    "/filings": "filing",
    "/findings": "finding",
    "/figures/annual-income": "annual_income",
    "/figures/monthly-income": "monthly_income",
    "/figures/sale-obligation": "sale_obligation",
    "/events": "event",
    "/calendar": "filing_calendar",
}
"""Address → relation."""
FOR_READERS = [address for address in LISTS if address != "/events"]
FIRST = "2025-000001"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """An office with personal data everywhere that has published both snapshots; to be read only."""
    settings = Settings(home=tmp_path_factory.mktemp("api") / "home")
    shutil.copytree(empty_work, work.folder(settings))
    made = Office(settings)
    personal_office.fill(made)
    made.refresh()
    masked.publish(settings)
    return made


@pytest.fixture(scope="module")
def operator(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings)


@pytest.fixture(scope="module")
def viewer(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings, operator=False)


def got(client: TestClient, address: str, status: int = 200, **headers: str) -> Json:
    answer = client.get(f"/api/v1{address}", headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, answer.text
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


def whole(client: TestClient, address: str, limit: int = 1000) -> list[Json]:
    """All rows of a list, page by page, by the links that lead on."""
    rows: list[Json] = []
    following: str | None = f"/api/v1{address}{'&' if '?' in address else '?'}limit={limit}"
    while following:
        page = got(client, following.removeprefix("/api/v1"))
        assert len(page["data"]) <= limit
        assert (len(page["data"]) == limit) or page["next"] is None
        rows += page["data"]
        following = page["next"]
    return rows


def of_snapshot(path: Path, query: str) -> list[Json]:
    """Rows of a snapshot as JSON has them."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        found = connection.execute(query)
        names = [(one[0], str(one[1])) for one in found.description or ()]
        return [
            {name: in_json(value, kind) for (name, kind), value in zip(names, values, strict=True)}
            for values in found.fetchall()
        ]


def in_json(value: object, kind: str) -> object:
    if kind == "JSON":
        return json.loads(str(value))
    if isinstance(value, Decimal):
        return Decimal(value)  # compared as a number: `same` reads the text of the answer
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def same(given: Json, expected: Json) -> bool:
    return given.keys() == expected.keys() and all(
        (isinstance(given[name], str) and Decimal(given[name]) == value)
        if isinstance(value, Decimal)
        else given[name] == value
        for name, value in expected.items()
    )


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("limit", [4, 1000])
def test_every_list_has_the_rows_of_its_relation_each_once(office, operator, address, limit):
    given = whole(operator, address, limit)
    expected = of_snapshot(office.settings.snapshot, f"select * from {LISTS[address]}")
    for one in expected:
        one.pop("filing_key", None)
    assert len(given) == len(expected) > 0
    left = list(given)
    for one in expected:
        at = next(index for index, row in enumerate(left) if same(row, one))
        left.pop(at)
    assert left == []


@pytest.mark.parametrize("address", FOR_READERS)
def test_a_viewer_gets_the_masked_snapshot(office, viewer, address):
    given = whole(viewer, address, 3)
    expected = of_snapshot(office.settings.masked_snapshot, f"select * from {LISTS[address]}")
    assert len(given) == len(expected) > 0
    answer = viewer.get(f"/api/v1{address}?limit=1000")
    assert answer.json()["snapshot"]["masked"] is True
    assert [secret for secret in SECRETS if secret in answer.text] == []


def test_an_operator_gets_persons_in_full(operator):
    rows = whole(operator, f"/figures/annual-income?taxpayer={IIN}&asset=BTC&role=miner")
    assert rows
    assert all(one["taxpayer_id"] == IIN and personal_office.PERSON in one["taxpayer_name"] for one in rows)
    assert got(operator, "/filings")["snapshot"]["masked"] is False


def test_a_viewer_finds_nobody_by_an_iin(viewer):
    assert whole(viewer, f"/figures/annual-income?taxpayer={IIN}") == []
    assert whole(viewer, f"/figures/annual-income?taxpayer={MINER}") != []


def test_events_are_for_operators_alone(viewer):
    problem = got(viewer, "/events", 403, accept="text/html")
    assert problem["status"] == 403
    assert "operator" in problem["detail"]


@pytest.mark.parametrize(
    ("address", "query", "condition"),
    [
        ("/filings", f"year=2025&pool={POOL}&status=accepted", f"pool_id = '{POOL}' and status = 'accepted'"),
        ("/filings", "month=2025-01&verdict=refused", "period = '2025-01-01' and verdict = 'refused'"),
        ("/filings", "kind=new", "kind = 'new'"),
        ("/findings", f"filing={FIRST}&rule=R-37", "rule_id = 'R-37'"),
        ("/findings", "lane=reliability&severity=error", "lane = 'reliability' and severity = 'error'"),
        ("/figures/annual-income", "year=2025&role=pool", "role = 'pool' and year = 2025"),
        ("/figures/monthly-income", "month=2025-01&asset=BTC", "asset = 'BTC' and period = '2025-01-01'"),
        ("/figures/sale-obligation", "asset_class=unbacked", "asset_class = 'unbacked'"),
        ("/calendar", f"pool={POOL}&year=2025", f"pool_id = '{POOL}' and year(period) = 2025"),
        ("/calendar", "state=silent", "state = 'silent'"),
        ("/events", "event=rule_waived", "event = 'rule_waived'"),
        ("/events", "author=esep.office", "author = 'esep.office'"),
        (
            "/events",
            "since=2025-02-12&until=2025-02-12",
            "happened_at >= '2025-02-12 00:00+05' and happened_at < '2025-02-13 00:00+05'",
        ),
    ],
)
def test_what_is_asked_for_is_what_comes(office, operator, address, query, condition):
    expected = of_snapshot(office.settings.snapshot, f"select count(*) as n from {LISTS[address]} where {condition}")
    everything = of_snapshot(office.settings.snapshot, f"select count(*) as n from {LISTS[address]}")
    assert len(whole(operator, f"{address}?{query}", 2)) == expected[0]["n"]
    if query != "state=silent":
        assert 0 < expected[0]["n"] <= everything[0]["n"]


def test_one_filing(office, operator):
    answer = got(operator, f"/filings/{FIRST}")
    (expected,) = of_snapshot(
        office.settings.snapshot, f"select * exclude (filing_key) from filing where registration_no = '{FIRST}'"
    )
    assert answer["data"] == expected
    assert got(operator, "/filings/2025-999999", 404)["title"] == "There is no such registration number"
    (fault,) = got(operator, "/filings/2025-1", 422)["errors"]
    assert fault == {"parameter": "number", "expected": "a registration number as YYYY-NNNNNN"}


def test_amounts_keep_every_digit_and_moments_their_offset(operator):
    row = got(operator, f"/figures/annual-income?taxpayer={MINER}&role=miner")["data"][0]
    assert (row["quantity"], row["year"]) == ("7", 2025)
    assert isinstance(row["income_kzt"], str)
    filing = got(operator, f"/filings/{FIRST}")["data"]
    assert filing["received_at"] == "2025-02-11T00:00:00+05:00"
    assert filing["period"] == "2025-01-01"


def test_who_has_the_answer_already_is_told_so_until_something_is_published(office, pages, tmp_path):
    shutil.copytree(office.settings.home, tmp_path / "home")
    own = Office(Settings(home=tmp_path / "home"), serials=Counter(office.serials))
    reader, other = pages(own.settings), pages(own.settings, operator=False)
    masked.publish(own.settings)
    address = "/api/v1/filings?limit=1"
    first = reader.get(address)
    tag = first.headers["etag"]
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = reader.get(address, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for another in ("/api/v1/filings?limit=2", "/api/v1/filings", "/api/v1/findings?limit=1"):
        assert reader.get(another, headers={"if-none-match": tag}).status_code == 200
    assert other.get(address, headers={"if-none-match": tag}).status_code == 200

    own.file("2025-04-11", [row("2025-03-06", quantity="1")], period="2025-03-01")
    own.refresh()
    after = reader.get(address, headers={"if-none-match": tag})
    assert after.status_code == 200
    assert after.json()["snapshot"]["hash"] != first.json()["snapshot"]["hash"]
    begun = reader.get(first.json()["next"])
    assert begun.status_code == 409
    assert begun.json()["title"] == "Newer data was published since the list was begun"


@pytest.mark.parametrize(
    ("address", "parameter", "words"),
    [
        ("/filings?year=abc", "year", "a year from 1990 to 2999"),
        ("/filings?year=20255", "year", "1990"),
        ("/filings?month=2025-13", "month", "2025-03"),
        ("/filings?pool=1", "pool", "12 digits"),
        ("/filings?status=gone", "status", "one of: registered, accepted, refused, superseded"),
        ("/filings?verdict=maybe", "verdict", "one of: accepted, refused"),
        ("/filings?limit=0", "limit", "from 1 to 1000"),
        ("/filings?limit=1001", "limit", "from 1 to 1000"),
        ("/filings?offset=-1", "offset", "0 or more"),
        ("/filings?offset=9999999999999999999999", "offset", "0 or more"),
        ("/filings?snapshot=x", "snapshot", "snapshot.hash"),
        ("/filings?sort=day", "sort", "there is no such parameter; /api/v1/openapi.json"),
        ("/findings?rule=R-1%27--", "rule", "R-71"),
        ("/findings?filing=1", "filing", "YYYY-NNNNNN"),
        ("/figures/annual-income?role=miners", "role", "one of: miner, pool"),
        ("/figures/annual-income?asset=", "asset", "BTC"),
        ("/calendar?state=1", "state", "not_due"),
        ("/events?since=2025-02-30", "since", "a day as YYYY-MM-DD"),
        ("/events?until=9999-12-31", "until", "a day as YYYY-MM-DD"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_takes(operator, address, parameter, words):
    problem = got(operator, address, 422)
    assert [fault["parameter"] for fault in problem["errors"]] == [parameter]
    assert words in problem["errors"][0]["expected"]
    assert problem["detail"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_problems_are_in_the_language_asked_for(operator, language):
    (fault,) = got(operator, "/filings?year=1", 422, accept_language=language)["errors"]
    assert fault["expected"].startswith({"kk": "1990-нан", "ru": "год от", "en": "a year"}[language])


@pytest.mark.parametrize(
    "written",
    ["' or 1=1 --", "x'; drop table filing; --", '"; attach', "$year", "%27%20union%20select", "\x00", "\u202e", "🜚"],
)
@pytest.mark.parametrize(
    "address", ["/figures/annual-income?taxpayer=", "/figures/monthly-income?asset=", "/events?author="]
)
def test_text_that_looks_like_sql_finds_nothing(operator, address, written):
    name = address.partition("?")[2].removesuffix("=")
    answer = operator.get(f"/api/v1{address.partition('?')[0]}", params={name: written})
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"] == []


def test_without_a_snapshot_a_program_is_asked_to_come_again(pages, tmp_path, office):
    for client in (pages(Settings(home=tmp_path)), pages(Settings(home=tmp_path), operator=False)):
        for address in (*FOR_READERS, "/openapi.json", f"/filings/{FIRST}"):
            answer = client.get(f"/api/v1{address}")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "60"), address
            assert answer.headers["content-type"] == "application/problem+json"
            assert str(tmp_path) not in answer.text


def test_it_only_reads(operator):
    answer = operator.post("/api/v1/filings")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json()["detail"] == "This interface is read-only: use GET."
    assert got(operator, "/nothing", 404)["detail"] == "Check the address: openapi.json lists them all."


@pytest.fixture(scope="module")
def described(operator: TestClient) -> Json:
    return got(operator, "/openapi.json")


def test_every_address_is_described_and_every_answer_fits(operator, viewer, described):
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {f"/api/v1{address}" for address in (*LISTS, "/filings/{number}")}
    checked = 0
    for path, methods in described["paths"].items():
        answer = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        problem = methods["get"]["responses"]["422"]["content"]["application/problem+json"]["schema"]
        address = path.removeprefix("/api/v1").format(number=FIRST)
        for client in (operator, viewer):
            if client is operator or address != "/events":
                fits(got(client, f"{address}"), answer, described)
                checked += 1
        fits(
            got(operator, f"{address}?nothing=1", 422) if "{" not in path else got(operator, "/filings/x", 422),
            problem,
            described,
        )
    assert checked == 15


def fits(content: Json, schema: Json, document: Json) -> None:
    """Raise where content is not as the document says; a schema of OpenAPI 3.1 is one of JSON Schema 2020-12."""
    whole_schema = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator.check_schema(whole_schema)
    jsonschema.Draft202012Validator(
        whole_schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(content)


def test_an_answer_that_does_not_fit_is_seen(operator, described):
    schema = described["paths"]["/api/v1/filings"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = got(operator, "/filings")
    answer["data"][0]["days_late"] = "0"
    with pytest.raises(jsonschema.ValidationError):
        fits(answer, schema, described)


def test_columns_and_parameters_are_explained_and_nothing_points_nowhere(described):
    schemas = described["components"]["schemas"]
    rows = ("Filing", "Finding", "AnnualIncome", "MonthlyIncome", "SaleObligation", "Event", "FilingCalendar")
    explained = {name: schemas[name]["properties"] for name in rows}
    assert [name for name in rows for one in explained[name].values() if not one["description"]] == []
    comments = {
        line["column"]: line["comment"]
        for line in csv.DictReader((PROJECT / "sql" / "columns.csv").open(encoding="utf-8"))
        if not line["relations"]
    }
    assert explained["Filing"]["days_late"]["description"].startswith(comments["days_late"])
    names = set(json.dumps(described).split('"#/components/schemas/')[1:])
    assert {one.partition('"')[0] for one in names} <= set(schemas)
    month = next(one for one in described["paths"]["/api/v1/filings"]["get"]["parameters"] if one["name"] == "month")
    assert month["description"] == "a month as YYYY-MM, for example 2025-03"
    assert described["components"]["securitySchemes"]
