#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tools/serve as a program: what it refuses, what it says, and that it leaves nothing behind."""
import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

import serving
from vmlib import boots, images, paths

GUARD_S = 60


def result(*options, **environment):
    return subprocess.run([str(word) for word in (serving.SERVE, *options)], text=True,
                          capture_output=True, timeout=GUARD_S, stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment})


def lab_words(address):
    """The lines for dnsmasq, as tools/serve would print them for this address."""
    lib = paths.SOURCE / "tools/lib"
    program = (f". {lib}/common.sh; . {lib}/serve.sh; . {lib}/serve_words.sh\n"
               f"address={address} port=8080; tftp_root() {{ echo /usr/lib/ipxe; }}; say_for_lab")
    said = subprocess.run(["bash", "-c", program], text=True, capture_output=True, check=True)
    lines = re.findall(r"(?m)^    (.*)$", said.stdout)
    return "\n".join(lines)


@pytest.mark.parametrize("options, complaint", [
    (["--fast"], "no such option: --fast"),
    (["--image"], "--image needs a value"),
    (["--port", "0"], "--port wants a number"),
    (["--port", "65536"], "--port wants a number"),
    (["--address", "localhost"], "--address wants an IPv4 address"),
    (["--address", "10.0.0.256"], "--address wants an IPv4 address"),
    (["--address", "0.0.0.0"], "the one address that the machines can reach"),
    (["--iscsi", "--port", "3260"], "a port each"),
])
def test_misuse(options, complaint):
    said = result(*options)
    assert said.returncode == 2 and complaint in said.stderr and "--help" in said.stderr


def wrong_images(folder):
    (folder / "not a name.img").write_bytes(images.base().read_bytes()[:512])
    (folder / "empty.img").write_bytes(b"")
    (folder / "odd.img").write_bytes(images.base().read_bytes()[:700])
    return {"nowhere.img": "no such file", "": "not a file", "not a name.img": "goes into an address",
            "empty.img": "no 55AA", "odd.img": "whole number of sectors"}


def test_what_is_no_image(tmp_path):
    serving.need("lighttpd")
    for name, complaint in wrong_images(tmp_path).items():
        said = result("--image", tmp_path / name, TMPDIR=str(tmp_path))
        assert said.returncode == 1 and complaint in said.stderr, said
    assert not list(tmp_path.glob("tmp.*"))


def test_two_images_of_one_name(tmp_path):
    serving.need("lighttpd")
    said = result("--image", images.base(), "--image", images.base())
    assert said.returncode == 1 and "two images called" in said.stderr


@pytest.mark.parametrize("by", ["http", "iscsi"])
def test_a_port_that_is_taken(by, tmp_path):
    serving.need("lighttpd", "tgtd")
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken, (free,) = holder.getsockname()[1], serving.free_ports(1)
        ports = (taken, free) if by == "http" else (free, taken)
        said = result(f"--{by}", "--port", ports[0], "--iscsi-port", ports[1], "--image",
                      images.base(), TMPDIR=str(tmp_path))
    assert said.returncode == 1
    assert f"port {taken} of 127.0.0.1 is taken by another program" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine():
    serving.need("lighttpd")
    said = result("--address", "203.0.113.7", "--port", "18080", "--image", images.base())
    assert said.returncode == 1 and "not an address of this machine" in said.stderr


def test_a_missing_server_is_named(tmp_path):
    """On a machine with another package manager, where nothing is installed by itself."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in ("/usr/sbin", "/usr/bin", "/bin"):
        for tool in os.scandir(place):
            if tool.name not in ("lighttpd", "apt-get") and not (folder / tool.name).exists():
                (folder / tool.name).symlink_to(tool.path)
    (folder / "dnf").write_text("#!/bin/sh\nexit 99\n")
    (folder / "dnf").chmod(0o755)
    tree = tmp_path / "tree"
    shutil.copytree(paths.SOURCE / "tools", tree / "tools", symlinks=True)
    common = tree / "tools/lib/common.sh"
    common.write_text(common.read_text().replace("PATH=$PATH:", "PATH=$PATH #"))
    said = subprocess.run([tree / "tools/serve", "--image", images.base()], text=True, timeout=GUARD_S,
                          capture_output=True, env={"PATH": str(folder)})
    assert said.returncode == 1 and "dnf install lighttpd" in said.stdout


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_and_leaves_nothing(sign, tmp_path):
    serving.need("lighttpd", "tgtd")
    with serving.Served(tmp_path, "--iscsi", images=[images.base()]) as served:
        assert served.end(sign) == 0
    assert list(served.scratch.iterdir()) == []
    for port in (served.port, served.iscsi_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
    assert subprocess.run(["pgrep", "-s", str(served.process.pid)], check=False).returncode == 1


def test_an_image_that_changes_is_told_and_not_served(tmp_path):
    serving.need("lighttpd")
    image = images.changed()
    before = image.read_bytes()
    with serving.Served(tmp_path, images=[image]) as served:
        images.poke(image, {0x1000: b"another"})
        boots.until(lambda: "has changed" in served.output, "it is noticed")
        assert served.copies()[image.name] == before


@pytest.mark.parametrize("by", ["http", "iscsi"])
def test_only_the_address_that_was_told_is_open(by, tmp_path):
    """tgtd takes all addresses when it likes; nothing may listen on another than 127.0.0.1."""
    serving.need("lighttpd", "tgtd")
    with serving.Served(tmp_path, f"--{by}", images=[images.base()]) as served:
        with socket.create_connection(("127.0.0.1", served.port)):
            pass
        for port in (served.port, served.iscsi_port):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.2", port))


def test_the_lines_for_a_lab():
    words = lab_words("192.168.1.5")
    assert "dhcp-range=192.168.1.5,proxy" in words
    assert words.endswith(',"Coldstart",http://192.168.1.5:8080/boot.ipxe')
