"""Read one path a line, write what it says as one JSON object a line."""

import sys

import msgspec

from revenge.library_scanner.names import parse


def main() -> None:
    encode = msgspec.json.encode
    for line in sys.stdin.buffer:
        path = line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")
        sys.stdout.buffer.write(encode(parse(path)) + b"\n")


if __name__ == "__main__":
    main()
