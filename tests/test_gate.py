"""The gate: which addresses may be fetched, which sockets opened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.web.client import URI

from crawler.gate import Allowance, ConnectionPolicy, Refused, check_url, is_public

OUTLET = Allowance(frozenset({"contoh.example", "www.contoh.example"}))


@pytest.mark.parametrize(
    "url",
    ["https://contoh.example/a", "http://www.contoh.example:80/", "https://contoh.example/?p=1"],
)
def test_the_outlets_own_pages_pass(url: str) -> None:
    check_url(url, OUTLET)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::]/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://localhost/",
        "https://contoh.example@127.0.0.1/",
        "https://user:word@contoh.example/",
        "https://contoh.example\\@127.0.0.1/",
        "https://contoh.example#@127.0.0.1\\/",
        "file:///etc/passwd",
        "gopher://contoh.example/",
        "ftp://contoh.example/",
        "data:text/html,x",
        "javascript:alert(1)",
        "https://contoh.example./",
        "https://c\u043entoh.example/",
        "https://xn--cntoh-bpf.example/",
        "https://contoh.example:8080/",
        "https://contoh.example:99999/",
        "https://contoh.example:80:80/",
        "https://contoh.example%2f.lain.example/",
        "https://%63ontoh.example/",
        "https://contoh.example,lain.example/",
        "https://contoh..example/",
        "http://[::1%25lo]/",
        "http://017700000001/",
        "http://0/",
        "http://1.2.3.4.5/",
        "http:/contoh.example/",
        "http:contoh.example/",
        " https://contoh.example/",
        "https://contoh.example/\n",
        "https://contoh.example/\x00",
        "https://contoh.example.lain.example/",
        "https://lain.example/contoh.example",
        "https://contoh.example\t.lain.example/",
        "https:///contoh.example",
        "//contoh.example/",
        "https://[contoh.example/",
        "",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url, OUTLET)


def test_a_port_the_outlet_names_passes() -> None:
    check_url("https://contoh.example:8443/", Allowance(OUTLET.hosts, frozenset({8443})))


def test_under_map_a_host_that_is_not_mapped_is_refused() -> None:
    mapped = Allowance(OUTLET.hosts, mapping={"contoh.example": ("127.0.0.1", 8080)})
    check_url("https://contoh.example/", mapped)
    with pytest.raises(Refused, match="not mapped"):
        check_url("https://www.contoh.example/", mapped)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:53aa:64c::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "3fff::1",
        "5f00::1",
        "::127.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b:1::1",
        "172.31.255.255",
        "192.0.0.1",
        "240.0.0.1",
        "127.1",
        "localhost",
        "",
        "ff02::1",
        "not an address",
    ],
)
def test_no_socket_to_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert ConnectionPolicy().refusal((address, 443))


def test_public_addresses_pass_on_web_ports_only() -> None:
    policy = ConnectionPolicy()
    assert policy.refusal(("93.184.216.34", 443)) is None
    assert policy.refusal(("2606:2800:220:1::1", 80, 0, 0)) is None
    assert policy.refusal(("93.184.216.34", 22))


def test_local_sockets_are_no_network() -> None:
    assert ConnectionPolicy(offline=True).refusal("/tmp/socket") is None


def test_a_replaying_process_connects_to_nothing() -> None:
    assert ConnectionPolicy(offline=True).refusal(("93.184.216.34", 443))


def test_under_map_only_the_mapped_port_is_connected_to() -> None:
    policy = ConnectionPolicy(loopback=frozenset({("127.0.0.1", 8080)}))
    assert policy.refusal(("127.0.0.1", 8080)) is None
    assert policy.refusal(("127.0.0.1", 8081))
    assert policy.refusal(("93.184.216.34", 443))


def test_a_name_may_lead_to_public_addresses_only() -> None:
    policy = ConnectionPolicy()
    assert policy.answer_refusal("contoh.example", "93.184.216.34") is None
    assert policy.answer_refusal("contoh.example", "127.0.0.1")
    assert policy.answer_refusal("contoh.example", "192.168.0.1")


def test_under_map_no_name_leads_to_loopback() -> None:
    policy = ConnectionPolicy(loopback=frozenset({("127.0.0.1", 8080)}))
    assert policy.answer_refusal("127.0.0.1", "127.0.0.1") is None
    assert policy.answer_refusal("contoh.example", "127.0.0.1")


@pytest.mark.parametrize(
    "policy",
    [ConnectionPolicy(offline=True), ConnectionPolicy(loopback=frozenset({("127.0.0.1", 80)}))],
)
def test_names_are_looked_up_on_the_live_web_only(policy: ConnectionPolicy) -> None:
    assert ConnectionPolicy().lookup_refusal("contoh.example") is None
    assert policy.lookup_refusal("127.0.0.1") is None
    assert policy.lookup_refusal(None) is None
    assert policy.lookup_refusal("contoh.example")
    assert policy.lookup_refusal(b"contoh.example")


@given(st.text(max_size=60) | st.from_regex(r"https?://[ -~]{0,40}", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_whatever_passes_is_asked_of_the_outlet(url: str) -> None:
    try:
        check_url(url, OUTLET)
    except Refused:
        return
    asked = URI.fromBytes(url.encode("ascii", "replace"))  # as the client below takes it apart
    assert asked.host.decode().lower() in OUTLET.hosts
    assert asked.port in (80, 443)
