# SPDX-License-Identifier: MIT
"""HTTP servers that a lab should not have: one that goes away in the middle of a boot, one that
loses a connection. Both know ranges. boot.ipxe and disk.img are all they have.
"""
import http.server
import re
import threading

from vmlib.qemu import HOST

SECTOR = 512


class BrokenServer:
    """Serves until a machine asks for the sector `lba`; leave it with `with`.

    losses   how many requests for it lose their connection; None: from the first one on, nobody is
             there any more
    retries  iPXE's own, before it tells the BIOS call that it failed
    """

    def __init__(self, image, lba, losses=None, retries=10):
        self.contents = image.read_bytes()
        self.place = lba * SECTOR
        self.losses = losses
        self.script = f"#!ipxe\nset san-retries {retries}\nsanboot disk.img || shell\n".encode()
        self.broken = False
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.go_away()
        self.thread.join()

    @property
    def url(self):
        return f"http://{HOST}:{self.server.server_address[1]}/boot.ipxe"

    def go_away(self):
        self.server.shutdown()
        self.server.server_close()

    def breaks(self, first, last):
        """Whether this request is one that is not answered."""
        if not first <= self.place <= last or self.losses == 0:
            return self.broken
        if self.losses is None:
            if not self.broken:
                self.broken = True
                self.go_away()
            return True
        self.losses -= 1
        return True

    def handler(self):
        """The request handler's class; it closes over this server."""
        ours = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, contents, **headers):
                self.send_response(status)
                self.send_header("Content-Length", str(len(contents)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(contents)

            def do_HEAD(self):
                self.answer(200, ours.contents, Accept_Ranges="bytes")

            def do_GET(self):
                if self.path == "/boot.ipxe":
                    self.answer(200, ours.script)
                    return
                first, last = map(int, re.match(r"bytes=(\d+)-(\d+)$", self.headers["Range"]).groups())
                if ours.breaks(first, last):
                    self.close_connection = True
                    return
                part = ours.contents[first:last + 1]
                self.answer(206, part,
                            Content_Range=f"bytes {first}-{last}/{len(ours.contents)}")

        return Handler
