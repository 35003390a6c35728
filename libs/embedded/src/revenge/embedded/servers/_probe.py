"""Asks a server on loopback over HTTP whether it is well."""

import httpx2

PROBE_S = 2.0
"""How long one question for readiness may take."""


async def is_well(url: str) -> bool:
    # no certificates are loaded for plain HTTP to ourselves: that takes longer than the question
    client = httpx2.AsyncClient(timeout=PROBE_S, trust_env=False, verify=False)
    try:
        async with client:
            answer = await client.get(url)
    except httpx2.HTTPError:
        return False
    return answer.is_success
