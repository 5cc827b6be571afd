"""A server as small as the LiveServer's contract, so that the LiveServer can be tested by itself."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"ok" if self.path == "/healthz" else os.environ.get("GREETING", "").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(sys.argv[sys.argv.index("--port") + 1])
    data = Path(os.environ["EARMARK_DATA"])
    data.mkdir(exist_ok=True)
    with (data / "starts").open("a") as starts:
        starts.write("started\n")
    if "--fail" in sys.argv:
        sys.exit("the stand-in was told to fail")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (data / "child").write_text(str(child.pid))
    ThreadingHTTPServer(("127.0.0.1", port), Answer).serve_forever()
