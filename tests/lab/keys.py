# Keeps the lab's RSA keys between runs, because making one takes a quarter of a second.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys have names ("ca", "ra-sign", ...). They protect nothing: they exist for tests on loopback only."""
import functools
import os
import pathlib
import tempfile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def directory():
    """$NDES_LAB_CACHE, else ndes-lab in the user's cache directory; made if missing."""
    chosen = os.environ.get("NDES_LAB_CACHE")
    if not chosen:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        chosen = os.path.join(base, "ndes-lab")
    path = pathlib.Path(chosen)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_new(path, data):
    """Write the file in one step; where another process was faster, its file stays."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


@functools.lru_cache(maxsize=None)
def key(name, size=2048):
    """The RSA key of that name: from the cache, else made and stored there."""
    path = directory() / f"{name}-{size}.pem"
    if not path.exists():
        write_new(path, pem(rsa.generate_private_key(65537, size)))
    return serialization.load_pem_private_key(path.read_bytes(), None)
