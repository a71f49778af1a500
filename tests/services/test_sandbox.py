import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.sandbox.server import create_sandbox, running


@pytest.fixture
def url() -> Iterator[str]:
    with running(create_sandbox(bill_seconds=(0.0, 0.0), hang_seconds=5.0)) as address:
        yield address


def book(url: str, **more: object) -> httpx.Response:
    body = {"trkr": "k", "bookRefill": {"lpgId": "10000000000001234"}, **more}
    return httpx.post(f"{url}/umang/apisetu/dept/lpgapi/ws1/bookRefill", json=body)


@pytest.mark.parametrize(
    "path",
    ["/api/cityweather_loc.php", "/resource/9ef84268-d588-465a-a308-a864a43d0070", "/_sandbox", "/nowhere"],
)
def test_every_answer_is_marked(url: str, path: str) -> None:
    assert httpx.get(url + path).headers["X-Ghanti-Demo"] == "1"


def test_the_data_itself_is_marked(url: str) -> None:
    assert book(url).json()["demo"] is True
    assert httpx.get(f"{url}/resource/9ef84268-d588-465a-a308-a864a43d0070").json()["demo"] is True
    assert all(station["demo"] is True for station in httpx.get(f"{url}/api/cityweather_loc.php").json())
    assert all(row["demo"] is True for row in httpx.get(f"{url}/api/warnings_district_api.php").json())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/umang/apisetu/dept/lpgapi/ws1/bookRefill", {}),
        ("/umang/apisetu/dept/lpgapi/ws1/bookRefill", {"trkr": "k", "bookRefill": {"lpgId": "1"}}),
        ("/umang/apisetu/dept/lpgapi/ws1/bookRefill", {"trkr": "", "bookRefill": {"lpgId": "1" * 17}}),
        ("/umang/apisetu/dept/lpgapi/ws1/bookRefill", ["x"]),
        ("/v1/bill_payments/bill_requests", {}),
        ("/v1/bill_payments/bill_requests", {"biller_id": "x", "biller_data": []}),
        ("/_sandbox/lpg", {"failure": "oddly"}),
        ("/_sandbox/lpg", {"delay": "long"}),
        ("/_sandbox/lpg", {"delay": -1}),
        ("/_sandbox/lpg", ["x"]),
        ("/_sandbox/nobody", {}),
        ("/_sandbox/bill_seconds", [3, 1]),
        ("/_sandbox/bill_seconds", {}),
    ],
)
def test_a_malformed_request_gets_a_plain_400(url: str, path: str, body: object) -> None:
    assert httpx.post(url + path, json=body).status_code == 400


def test_what_is_no_json_gets_a_plain_400(url: str) -> None:
    assert httpx.post(f"{url}/_sandbox/lpg", content=b"{").status_code == 400


def test_an_unknown_bill_request_is_not_found(url: str) -> None:
    assert httpx.get(f"{url}/v1/bill_payments/bill_requests/billreq_0").status_code == 404


def test_a_mood_is_told_and_lasts_until_the_reset(url: str) -> None:
    httpx.post(f"{url}/_sandbox/lpg", json={"failure": "down", "delay": 0})
    assert httpx.get(f"{url}/_sandbox").json()["upstreams"]["lpg"] == {"delay": 0.0, "failure": "down"}
    assert book(url).status_code == 503
    assert httpx.get(f"{url}/api/cityweather_loc.php").status_code == 200
    httpx.post(f"{url}/_sandbox/reset")
    assert book(url).status_code == 200


def test_a_delay_is_waited(url: str) -> None:
    httpx.post(f"{url}/_sandbox/lpg", json={"delay": 0.2})
    began = time.monotonic()
    assert book(url).status_code == 200
    assert time.monotonic() - began >= 0.2


def test_a_reset_empties_the_ledger(url: str) -> None:
    book(url)
    assert len(httpx.get(f"{url}/_sandbox").json()["bookings"]) == 1
    httpx.post(f"{url}/_sandbox/reset")
    assert httpx.get(f"{url}/_sandbox").json()["bookings"] == []


def test_a_bill_is_ready_after_the_seconds_that_were_set(url: str) -> None:
    httpx.post(f"{url}/_sandbox/bill_seconds", json=[0.3, 0.3])
    asked = {"biller_id": "x", "biller_data": {"account_holder": {"consumer_number": "12345678"}}}
    id_ = httpx.post(f"{url}/v1/bill_payments/bill_requests", json=asked).json()["id"]
    look = f"{url}/v1/bill_payments/bill_requests/{id_}"
    assert httpx.get(look).json()["status"] == "processing"
    time.sleep(0.35)
    assert httpx.get(look).json()["status"] == "success"


def test_by_default_a_bill_takes_ten_to_thirty_seconds() -> None:
    with running(create_sandbox()) as url:
        assert httpx.get(f"{url}/_sandbox").json()["bill_seconds"] == [10.0, 30.0]


def test_the_control_is_for_this_machine_only() -> None:
    client = create_sandbox().test_client()
    assert client.get("/_sandbox", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 403
    assert client.get("/_sandbox", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200


def test_the_command_says_where_it_listens_and_serves_there() -> None:
    root = Path(__file__).resolve().parents[2]
    arguments = [sys.executable, "-m", "services.sandbox", "--port", "0", "--bill-seconds", "0", "1"]
    with subprocess.Popen(arguments, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            said = process.stdout.readline().split()
            assert said[-1].startswith("http://127.0.0.1:")
            assert httpx.get(f"{said[-1]}/_sandbox?q=11223344").json()["bill_seconds"] == [0.0, 1.0]
        finally:
            process.terminate()
        assert "11223344" not in process.stderr.read()
