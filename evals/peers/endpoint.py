"""The product's embedding as an OpenAI-compatible endpoint on loopback, for peers that want it so."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from assistant.retrieval.embedding import Embedder
from evals.peers.engine import embed_prefixed, load


def answer(embedder: Embedder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a request of ``POST /v1/embeddings``; the texts carry E5's prefixes."""
    texts: str | Sequence[str] = body["input"]
    rows = embed_prefixed(embedder, [texts] if isinstance(texts, str) else list(texts))
    is_packed = body.get("encoding_format") == "base64"
    data = [
        {
            "object": "embedding",
            "index": number,
            "embedding": base64.b64encode(row.tobytes()).decode() if is_packed else list(map(float, row)),
        }
        for number, row in enumerate(rows)
    ]
    usage = {"prompt_tokens": 0, "total_tokens": 0}
    return {"object": "list", "data": data, "model": body["model"], "usage": usage}


def serve(embedder: Embedder) -> ThreadingHTTPServer:
    """Make a server on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1
        """Buffered: headers and body leave together."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            content = json.dumps(answer(embedder, body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name
            """Say nothing: each line would be a question."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def main() -> None:
    """Serve until the input ends, after a line with the address."""
    import threading

    server = serve(load(Path(sys.argv[1])))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps(f"http://127.0.0.1:{server.server_port}/v1") + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
