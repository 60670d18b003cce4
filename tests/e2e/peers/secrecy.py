# Asserts that secrets appear nowhere that a plugin writes.
# SPDX-License-Identifier: GPL-3.0-or-later

import base64


def spellings(secret):
    """The secret as bytes, in the ways that it might leak."""
    text, wide = secret.encode(), secret.encode("utf-16-le")
    return {text, text.lower(), wide, base64.b64encode(text), base64.b64encode(wide), text.hex().encode(), b" ".join(
        bytes([byte]) for byte in text)}


def assert_secret(secrets, answer, state_dir):
    """Neither stream of the run nor a file of its state directory holds one of the secrets."""
    places = {"stdout": answer.out.encode(), "stderr": answer.err.encode()}
    places.update((str(path), path.read_bytes()) for path in state_dir.rglob("*") if path.is_file())
    for secret in secrets:
        for spelling in spellings(secret):
            for place, content in places.items():
                assert spelling not in content, f"a secret shows up in {place}"
