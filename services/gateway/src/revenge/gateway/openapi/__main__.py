"""Print the OpenAPI document of the public API."""

import sys

from revenge.gateway.openapi import describe
from revenge.gateway.routes import TABLE

sys.stdout.buffer.write(describe(TABLE))
