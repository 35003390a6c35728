"""A disk that stops answering, as one behind a network does: a file system in user space (FUSE).

Run with a folder to mount on: it holds one folder `Film (2000)` with one file `Film (2000).mkv`,
and answers until a line is read from the standard input; from then on whoever asks waits, and
cannot be killed, until this process ends. It ends with its input, or with who has started it.

https://www.kernel.org/doc/html/latest/filesystems/fuse.html; the structs are those of `fuse.h`.
"""

import ctypes
import os
import shutil
import signal
import stat
import struct
import subprocess
import sys
import threading

LOOKUP, FORGET, GETATTR, OPEN = 1, 2, 3, 14
RELEASE, INIT, OPENDIR, READDIR, RELEASEDIR, INTERRUPT, BATCH_FORGET = 18, 26, 27, 28, 29, 36, 42
UNANSWERED = {FORGET, INTERRUPT, BATCH_FORGET}
ENOENT, ENOSYS = 2, 38
ROOT, FOLDER, FILE = 1, 2, 3
CHILDREN = {ROOT: (b"Film (2000)", FOLDER), FOLDER: (b"Film (2000).mkv", FILE)}
SIZE = 1000
LONGEST_S = 120
HEAD = struct.Struct("<IIQQ16x")
PR_SET_PDEATHSIG = 1


def main(folder: str) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(LONGEST_S)
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40755,user_id=0,group_id=0"
    command = [program("mount"), "-i", "-t", "fuse", "-o", options, "hanging", folder]
    if subprocess.run(
        command, pass_fds=[device], check=False, stderr=subprocess.DEVNULL
    ).returncode:
        sys.exit(1)
    hangs = threading.Event()
    threading.Thread(target=serve, args=(device, hangs), daemon=True).start()
    sys.stdout.write("mounted\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        hangs.set()
        sys.stdout.write("hangs\n")
        sys.stdout.flush()
    subprocess.run([program("umount"), "--lazy", folder], check=False)


def program(name: str) -> str:
    return shutil.which(name) or "false"


def serve(device: int, hangs: threading.Event) -> None:
    while True:
        request = os.read(device, 1 << 17)
        _, operation, unique, node = HEAD.unpack_from(request)
        if operation in UNANSWERED or (hangs.is_set() and operation != INIT):
            continue
        error, body = answer(operation, node, request[40:])
        os.write(device, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)


def answer(operation: int, node: int, request: bytes) -> tuple[int, bytes]:
    """An error, and the reply."""
    if operation == LOOKUP:
        name, child = CHILDREN.get(node, (b"", 0))
        return (0, entry(child)) if request.rstrip(b"\0") == name else (ENOENT, b"")
    if operation == READDIR:
        (offset,) = struct.unpack_from("<Q", request, 8)
        return 0, b"" if offset else listed(*CHILDREN[node])
    replies = {
        INIT: struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 12, 9, 4096, 1, 1, 0, 0),
        GETATTR: struct.pack("<QII", 0, 0, 0) + attributes(node),
        **dict.fromkeys((OPEN, OPENDIR), struct.pack("<QII", 0, 0, 0)),
        **dict.fromkeys((RELEASE, RELEASEDIR), b""),
    }
    return (0, replies[operation]) if operation in replies else (ENOSYS, b"")


def entry(node: int) -> bytes:
    """Nothing is remembered: each look asks again."""
    return struct.pack("<QQQQII", node, 0, 0, 0, 0, 0) + attributes(node)


def attributes(node: int) -> bytes:
    kind = stat.S_IFREG | 0o644 if node == FILE else stat.S_IFDIR | 0o755
    size = SIZE if node == FILE else 0
    times = (0,) * 6  # long ago
    return struct.pack("<6Q10I", node, size, 0, *times[:3], *times[3:], kind, 1, 0, 0, 0, 4096, 0)


def listed(name: bytes, node: int) -> bytes:
    raw = struct.pack("<QQII", node, 1, len(name), 0) + name
    return raw.ljust((len(raw) + 7) // 8 * 8, b"\0")


if __name__ == "__main__":
    main(sys.argv[1])
