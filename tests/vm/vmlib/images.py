# SPDX-License-Identifier: MIT
"""Images for tests: made by tools/mkimage once, then changed with mtools as any user would.
"""
import functools
import pathlib
import subprocess
import tempfile

from vmlib import paths, symbols

PARTITION = "@@1M"
MAGIC_BYTES, HEADER_BYTES = 8, 32  # include/boot/stage2_header.h


@functools.lru_cache(maxsize=None)
def folder():
    """One folder of this test process, gone with it."""
    holder = tempfile.TemporaryDirectory(prefix="coldstart-images-")
    folder.holder = holder
    return pathlib.Path(holder.name)


def run(*words, **options):
    words = [str(word) for word in words]
    result = subprocess.run(words, text=True, capture_output=True, **options)
    assert result.returncode == 0, f"{' '.join(words)}\n{result.stdout}{result.stderr}"
    return result.stdout


def copy(image, out):
    """Keep the holes: an image is mostly nothing."""
    run("cp", "--sparse=always", image, out)
    return out


def fresh(suffix):
    fresh.count = getattr(fresh, "count", 0) + 1
    return folder() / f"{fresh.count}{suffix}"


def store(data, suffix=".bin"):
    """Bytes or text as a file; a path stays what it is."""
    if isinstance(data, pathlib.Path):
        return data
    path = fresh(suffix)
    path.write_bytes(data.encode() if isinstance(data, str) else bytes(data))
    return path


def make(*options, out=None, stage1=paths.STAGE1, stage2=paths.STAGE2):
    """tools/mkimage with these options."""
    out = out or fresh(".img")
    run(paths.MKIMAGE, "-o", out, "--stage1", stage1, "--stage2", stage2, *options)
    return out


@functools.lru_cache(maxsize=None)
def base(fat=None, size=None):
    """An image with our own kernel, not to be changed: copies of it are."""
    options = ["--kernel", paths.KERNEL]
    options += ["--fat", str(fat)] if fat else []
    options += ["--size", size] if size else []
    return make(*options)


def put(image, data, destination):
    """mcopy a file onto the volume, over what is there."""
    run("mcopy", "-o", "-i", f"{image}{PARTITION}", store(data), f"::{destination}")


def changed(config=None, kernel=None, files=None, fat=None, size=None, patch=None):
    """A copy of the base image with another coldstart.cfg, kernel, or more files.

    files  {"/path/on/volume": bytes, text or path}
    patch  {byte offset in the image: bytes}, applied last
    """
    image = fresh(".img")
    copy(base(fat, size), image)
    contents = dict(files or {})
    if kernel is not None:
        contents["/boot/kernel.elf"] = kernel
    if config is not None:
        contents["/coldstart.cfg"] = config
    for destination, data in contents.items():
        put(image, data, destination)
    poke(image, patch or {})
    return image


def poke(image, patch):
    with open(image, "r+b") as file:
        for offset, data in patch.items():
            file.seek(offset)
            file.write(data)


def crc32c(path):
    """The CRC-32C of a file as coldstart.cfg wants it."""
    return run(paths.CRC32C, path).split()[0]


def remove(image, *names):
    for name in names:
        run("mdel", "-i", f"{image}{PARTITION}", f"::{name}")


def config(cmdline=None, kernel="/boot/kernel.elf", **lines):
    """A coldstart.cfg: `config("exit", video="text")`."""
    text = [f"kernel = {kernel}"] + ([f"cmdline = {cmdline}"] if cmdline is not None else [])
    for key, value in lines.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            text.append(f"{key} = {one}")
    return "\n".join(text) + "\n"


def patched_stage2(patches):
    """(stage 1, stage 2) with other code at some labels of stage 2, sealed anew.

    patches  {label of stage 2: machine code}
    """
    places = symbols.table(paths.BUILD / "stage2.sym")
    stage2 = bytearray(paths.STAGE2.read_bytes())
    stage2[MAGIC_BYTES:HEADER_BYTES] = bytes(HEADER_BYTES - MAGIC_BYTES)  # as before it was sealed
    for label, code in patches.items():
        start = places[label] - symbols.LOW_STAGE2
        stage2[start:start + len(code)] = code
    sealed = fresh(".stage1"), fresh(".stage2")
    run(paths.SEAL, paths.STAGE1_RAW, store(stage2), "-o", *sealed)
    return sealed
