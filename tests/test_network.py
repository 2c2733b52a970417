"""The guard of ``conftest.py``: no test reaches beyond this machine, whatever library it uses."""

import asyncio
import socket
import urllib.request

import httpx
import pytest

TEST_NET = "192.0.2.1"  # reserved for documentation, so nobody is there


async def with_asyncio() -> None:
    await asyncio.open_connection(TEST_NET, 80)


async def with_httpx() -> None:
    async with httpx.AsyncClient() as client:
        await client.get(f"http://{TEST_NET}/")


async def with_urllib() -> None:
    urllib.request.urlopen(f"http://{TEST_NET}/")  # noqa: ASYNC210


async def with_a_name() -> None:
    socket.getaddrinfo("api.telegram.org", 443)


@pytest.mark.parametrize("reach", [with_asyncio, with_httpx, with_urllib, with_a_name])
async def test_reaching_out_fails_the_test(reach, no_network_attempt: list[str]) -> None:
    # anyio wraps the refusal in a group, hence the wide net; no `except Exception` catches it.
    with pytest.raises(BaseException) as refusal:
        await reach()

    assert not isinstance(refusal.value, Exception)
    assert no_network_attempt
    no_network_attempt.clear()


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
