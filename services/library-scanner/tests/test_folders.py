"""What the system says of the folders of libraries."""

from pathlib import Path

import pytest

from revenge.library_scanner import folders

MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/films rw,relatime shared:7 master:1 - nfs4 nas:/films rw
31 22 0:41 / /mnt/shows rw - cifs //nas/shows rw
32 22 0:42 / /mnt/cloud rw - fuse.rclone remote: rw
33 30 8:17 / /mnt/films/local rw - xfs /dev/sdb1 rw
34 22 0:43 / /mnt/TV\\040Shows rw - nfs nas:/tv rw
35 22 0:44 / /mnt/auto rw - autofs systemd-1 rw
36 35 0:45 / /mnt/auto rw - nfs4 nas:/auto rw
37 22 8:33 / /mnt/usb rw - fuseblk /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/films", None),
        ("/mnt/films", "nfs4"),
        ("/mnt/films/Heat (1995)", "nfs4"),
        ("/mnt/films/local/Heat (1995)", None),
        ("/mnt/filmsandmore", None),
        ("/mnt/shows", "cifs"),
        ("/mnt/cloud", "fuse.rclone"),
        ("/mnt/TV Shows", "nfs"),
        ("/mnt/auto", "nfs4"),
        ("/mnt/usb", None),
    ],
)
def test_network_file_systems_have_no_events(
    path: str, kind: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(folders, "MOUNTS", mounts)

    assert folders.without_events(path) == kind


def test_where_mounts_cannot_be_known_events_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MOUNTS", tmp_path / "nothing")

    assert folders.without_events("/mnt/films") is None


def test_the_disks_that_are_mounted_in_a_folder_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(folders, "MOUNTS", mounts)

    found = folders.mounts_below(["/mnt/films", "/mnt/TV"])

    assert {(mount.at, mount.kind) for mount in found} == {("/mnt/films/local", "xfs")}
