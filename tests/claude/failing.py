"""How a reply breaks off in the middle of its stream."""

import json
import socket
import struct

from aiohttp import web

from tests.claude.behaviours import How

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER for no seconds: the kernel sends RST in place of FIN."""


def error_event(type_: str) -> bytes:
    """An error in the middle of a stream, whose status has long been sent as 200."""
    data = json.dumps({"type": "error", "error": {"type": type_, "message": type_.replace("_", " ")}})
    return f"event: error\ndata: {data}\n\n".encode()


BYTES = {
    How.ENDS: b"",
    How.OVERLOADED: error_event("overloaded_error"),
    How.API_ERROR: error_event("api_error"),
    How.GARBAGE: b"\x00\x16\x03\x01<html><body>upstream went away</body></html>\n\n",
    How.BAD_JSON: b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
    How.BAD_UTF8: b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":'
    b'{"type":"text_delta","text":"\xff\xfe"}}\n\n',
}
"""What is sent in place of the next event, before the body ends."""


def close(request: web.Request) -> None:
    """Closes the connection, body unfinished."""
    if request.transport is not None:
        request.transport.close()


def reset(request: web.Request) -> None:
    """Resets the connection."""
    if request.transport is not None:
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        request.transport.abort()
