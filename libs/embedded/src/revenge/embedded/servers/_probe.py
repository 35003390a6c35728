"""Asks a server on loopback over HTTP whether it is well."""

import httpx2

PROBE_S = 2.0
"""How long one question for readiness may take."""


async def is_well(url: str) -> bool:
    answer = await _get(url)
    return answer is not None and answer.is_success


async def ask(url: str) -> str:
    """What it says, well or not; empty if it says nothing."""
    answer = await _get(url)
    return "" if answer is None else answer.text


async def _get(url: str) -> httpx2.Response | None:
    # no certificates are loaded for plain HTTP to ourselves: that takes longer than the question
    client = httpx2.AsyncClient(timeout=PROBE_S, trust_env=False, verify=False)
    try:
        async with client:
            return await client.get(url)
    except httpx2.HTTPError:
        return None
