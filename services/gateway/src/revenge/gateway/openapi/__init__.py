"""The public API as an OpenAPI 3.1 document, made from the table and the contracts.

`python -m revenge.gateway.openapi` prints it.
"""

from revenge.gateway.openapi.document import describe

__all__ = ["describe"]
