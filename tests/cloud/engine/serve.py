"""The engine's front door: one loopback port for AWS's APIs and for `/_cloud/…`, by which tests steer and question the cloud."""

import asyncio
import json
import logging
import os
import re
import socket
import sys
import urllib.parse

from engine import plan, record, runtime
from engine.registry import door, state, steer

ACCOUNT = "123456789012"


def run(port):
    """Serves until the process is ended; says where on standard output as soon as it answers."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    port = listener.getsockname()[1]
    settle(port)
    asyncio.run(_serve(listener, port))


def settle(port):
    """What ministack reads from its environment when it is imported."""
    for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        del os.environ[name]
    if "LOG_LEVEL" not in os.environ:
        logging.disable()
    os.environ |= {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "MINISTACK_HOST": "127.0.0.1", "MINISTACK_ACCOUNT_ID": ACCOUNT,
                   "DOCKER_HOST": "unix:///nonexistent.sock", "IOT_MTLS_ENABLED": "0"}


async def _serve(listener, port):
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    from engine import parts
    parts.install()
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.loglevel = "ERROR"
    config.startup_timeout = 60
    await serve(Door(port), config, shutdown_trigger=asyncio.Event().wait)    # the end comes from outside, see `parent`


class Request:
    """One request, whole."""

    def __init__(self, scope, body):
        self.method, self.path, self.body = scope["method"], scope["path"], body
        self.raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        self.query = dict(urllib.parse.parse_qsl(scope.get("query_string", b"").decode(), keep_blank_values=True))
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        is_form = "x-www-form-urlencoded" in self.headers.get("content-type", "")
        self.form = urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if is_form else []

    def is_whole(self):
        """Whoever sends a request may die over it."""
        return len(self.body) >= int(self.headers.get("content-length") or 0)

    def access_key(self):
        found = re.search(r"Credential=([^/]+)/", self.headers.get("authorization", ""))
        return found[1] if found else ""

    def s3_bucket(self):
        return urllib.parse.unquote(self.path).lstrip("/").partition("/")[0]

    def s3_key(self):
        return urllib.parse.unquote(self.path).lstrip("/").partition("/")[2]


class Door:
    """The ASGI application: control calls are answered here, everything else is recorded and handed to ministack."""

    def __init__(self, port):
        from ministack import app
        self.inner, self.port = app.app, port

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.inner(scope, receive, self._announcing(send))
        if scope["type"] != "http" or scope["path"].startswith("/_ministack/"):
            return await self.inner(scope, receive, send)
        request = Request(scope, await _body(receive))
        if request.path.startswith("/_cloud/"):
            return await _answer(send, *await control(request))
        if "x-registry" in request.headers:
            return await self._quilt(request, send)
        await self._aws(scope, request, send)

    def _announcing(self, send):
        async def sending(message):
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                print(json.dumps({"port": self.port, "endpoint": f"http://127.0.0.1:{self.port}", "pid": os.getpid()}), flush=True)
        return sending

    async def _quilt(self, request, send):
        asked, weather, answered = door.Asked(request), *(request.headers.get(name, "") for name in ("x-weather", "x-weather-answer"))
        if weather.startswith("?"):
            return await _answer(send, 200, record.named_of_registry(asked))
        call = record.begin_of_registry(asked, weather)
        if answered:
            status, _, code = answered.partition(" ")
            call["status"], call["error"] = int(status) or None, code or None
            return await _answer(send, 200, {})
        answer = door.answer(asked)
        call["status"] = answer[0]
        await _answer(send, *answer)

    async def _aws(self, scope, request, send):
        from engine import parts
        weather, answered = (request.headers.get(name, "") for name in ("x-weather", "x-weather-answer"))
        if weather.startswith("?"):    # the proxy in front asks before it decides
            request.method = weather[2:]
            return await _answer(send, 200, record.named(request, parts.account(request)))
        call, answer = record.begin(request, parts.account(request), weather), Answer(send)
        if answered:    # it has an answer of its own
            status, _, code = answered.partition(" ")
            record.end(call, int(status) or None, code or None, parts.secrets(call))
            return await _answer(send, 200, {})
        refusal = parts.refuse(request)
        if refusal:
            await _answer(answer, *refusal)
        else:
            await self.inner(scope, _again(request.body), answer)
        record.end(call, answer.status, answer.error(), parts.secrets(call))


class Answer:
    """Passes an answer on and remembers its status and, of a refusal, its text."""

    def __init__(self, send):
        self.send, self.status, self.body = send, None, b""

    async def __call__(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif self.status and self.status >= 400:
            self.body += message.get("body", b"")
        await self.send(message)

    def error(self):
        found = re.search(rb"<Code>([^<]*)</Code>", self.body) or re.search(rb'"__type": ?"([^"]*)"', self.body)
        return found[1].decode() if found else None


async def _body(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            return body


def _again(body):
    """A `receive` that gives a body that was read already."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if messages:
            return messages.pop()
        await asyncio.Event().wait()
    return receive


async def _answer(send, status, body, kind="application/json"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


async def control(request):
    """`/_cloud/plan`, `/_cloud/calls`, `/_cloud/wrong`, `/_cloud/asked`, `/_cloud/reset`, `/_cloud/runtime`, `/_cloud/catalogued`, `/_cloud/registry…`, `/_cloud/example`, `/_cloud/health`; with `?account=…` for one account, else for all."""
    from engine import answers, operations
    account = request.query.get("account")
    match request.method, request.path:
        case "GET", "/_cloud/health":
            return 200, {"ok": True, "pid": os.getpid()}
        case "GET", "/_cloud/plan":
            return 200, plan.read(account or "")
        case "PUT", "/_cloud/plan":
            return _planned(request.body, account or "")
        case "GET", "/_cloud/calls":
            return 200, {"calls": record.read(account)}
        case "DELETE", "/_cloud/wrong":
            return 200, {"calls": record.take_wrong(account)}
        case "GET", "/_cloud/asked":
            return 200, {"calls": record.asked(account or ACCOUNT)}
        case "DELETE", "/_cloud/calls":
            record.clear(account)
            return 200, {}
        case "POST", "/_cloud/reset":
            await operations.reset(account)
            record.clear(account)
            state.forget(account)
            return 200, {}
        case "POST", "/_cloud/runtime":
            return 200, runtime.leave(json.loads(request.body), account or ACCOUNT)
        case "POST", "/_cloud/catalogued":
            return 200, answers.catalogue(**json.loads(request.body))
        case "POST", "/_cloud/example":
            return _said(request.body, account or ACCOUNT)
    if request.path.startswith("/_cloud/registry"):
        return steer.control(request, account or ACCOUNT) or (404, {"error": f"no {request.method} {request.path}"})
    return 404, {"error": f"no {request.method} {request.path}"}


def _planned(body, account):
    try:
        plan.write(json.loads(body or b"{}"), account)
    except (ValueError, re.error) as wrong:
        return 400, {"error": str(wrong)}
    return 200, plan.read(account)


def _said(template, account):
    from engine import example
    try:
        return 200, example.variables(template.decode(), account)
    except Exception as wrong:    # whatever a YAML reader may say of what is no template
        return 400, {"error": str(wrong)}
