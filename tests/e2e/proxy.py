# Just enough of an HTTP proxy: CONNECT, then bytes both ways; or a refusal.
# SPDX-License-Identifier: GPL-3.0-or-later
"""with Proxy() as proxy: run_plugin(..., "-x", proxy.url); proxy.asked has the request lines"""
import socket
import threading


class Proxy:
    """`refusal` is what it answers to each CONNECT instead of obeying, such as "403 Forbidden"; `established` is the
    head of the answer if it does."""

    def __init__(self, refusal=None, established="HTTP/1.1 200 Connection established"):
        self.refusal, self.established = refusal, established
        self.asked = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        head = b""
        with client:
            while b"\r\n\r\n" not in head:
                data = client.recv(4096)
                if not data:
                    return
                head += data
            self.asked.append(head.split(b"\r\n")[0].decode())
            if self.refusal:
                client.sendall(f"HTTP/1.1 {self.refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            host, port = head.split()[1].decode().rsplit(":", 1)
            with socket.create_connection((host, int(port))) as server:
                client.sendall(f"{self.established}\r\n\r\n".encode())
                back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
                back.start()
                self._copy(client, server)
                back.join(5)

    @staticmethod
    def _copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
