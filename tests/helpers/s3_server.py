#!/usr/bin/env python3
"""A small S3 server for tests, on loopback, made of the standard library.

Usage: s3_server.py FOLDER

It is as strict as the real thing where backups are concerned: signatures (version 4, in the header
or in the query), the time in them, Content-MD5, x-amz-content-sha256, If-None-Match, uploads in
parts, ranges. What is in FOLDER:

  port      a named pipe or file that gets the number of the port, once the server listens
  buckets/  a folder a bucket, in it a file an object; its name is the key, percent-encoded
  faults    what is to go wrong, a line each: METHOD KIND [NUMBER]; the first line that fits counts.
            METHOD is * for all of them. Kinds, NUMBER times (for ever without it):
              500 503 429 403   answers that, after the request was read
              reset             reads half of the body and resets the connection
              hangup            reads the request and ends the connection without an answer
              lie               stores half of the file and answers as if it were all of it
              forget            answers as if it had stored the file
              flip              stores the file with one bit changed, and answers as if it were not
              lost              stores the file, then resets the connection
              opaque            names an ETag that is no MD5; plain, as with encryption by the server
              bare              names no ETag
            and `slow`, whose NUMBER is seconds, answers that late, each time
  tls.pem   when it is there, the certificate and key of a server that speaks TLS
  token     when it is there, the session token that each request has to carry
  requests  a line for each request: METHOD PATH STATUS
  failure   why a request was refused, for the person who looks at a failing test
  waiting   a line when a slow answer begins to wait; it may be a named pipe

The keys are below. Requests under /ping/ need no signature and are written down like the others.
The server ends by itself after ten minutes, should nobody end it before.
"""

import base64
import datetime
import hashlib
import hmac
import html
import http.server
import os
import re
import socket
import ssl
import struct
import sys
import threading
import urllib.parse

ACCESS_KEY = "tests3key"
SECRET_KEY = 'te\\st/"secret"+key=='
MINUTES = 10
CODES = {"403": "AccessDenied", "429": "SlowDown", "503": "ServiceUnavailable"}
MODIFIED = "2022-01-01T00:00:00.000Z"

folder = os.path.abspath(sys.argv[1])
buckets = os.path.join(folder, "buckets")
stopping = threading.Event()
lock = threading.Lock()
etags = {}  # of the objects that were uploaded in parts
metadata = {}  # what clients say of an object, and get back
uploads = {}


class Refused(Exception):
    """The answer to a request that is not carried out."""

    def __init__(self, status, code, reason=""):
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason


def quote(text, safe="-._~"):
    return urllib.parse.quote(text, safe=safe)


def md5(data):
    return hashlib.md5(data).hexdigest()


def note(name, line):
    with lock, open(os.path.join(folder, name), "a", encoding="utf-8") as file:
        file.write(line + "\n")


def take_fault(method):
    """The kind and number of the fault for a request of this method, which is then used up once."""
    path = os.path.join(folder, "faults")
    with lock:
        try:
            with open(path, encoding="ascii") as file:
                lines = [line.split() for line in file]
        except FileNotFoundError:
            return "", 0
        for words in lines:
            if words[0] not in ("*", method):
                continue
            number = float(words[2]) if len(words) > 2 else 0
            kind = words[1]
            if number and kind != "slow":
                words[2] = str(int(number) - 1)
                left = [line for line in lines if len(line) < 3 or line[2] != "0"]
                with open(path, "w", encoding="ascii") as file:
                    file.writelines(" ".join(line) + "\n" for line in left)
            return kind, number
    return "", 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_request(self):
        self.answered = "-"
        self.fault, number = take_fault(self.command)
        try:
            try:
                self.read_target()
                self.read_body()
                if self.fault == "hangup":
                    raise ConnectionAbortedError
                if self.fault == "slow":
                    note("waiting", f"{self.command} {self.path}")
                    stopping.wait(number)
                if self.fault.isdigit():
                    raise Refused(int(self.fault), CODES.get(self.fault, "InternalError"))
                if self.bucket == "ping":
                    self.answer(200, b"OK")
                else:
                    self.check_signature()
                    self.check_body()
                    self.carry_out()
            except Refused as refused:
                self.refuse(refused)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        note("requests", f"{self.command} {self.path} {self.answered}")

    def refuse(self, refused):
        note("failure", f"{self.command} {self.path} {refused.code} {refused.reason}")
        body = f"<Error><Code>{refused.code}</Code><Message>{html.escape(refused.reason or refused.code)}</Message></Error>"
        self.answer(refused.status, body.encode(), {"Content-Type": "application/xml"})

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_request

    def read_target(self):
        self.raw_path, _, query = self.path.partition("?")
        path = urllib.parse.unquote(self.raw_path, errors="strict")
        self.bucket, _, self.key = path.lstrip("/").partition("/")
        self.query = urllib.parse.parse_qsl(query, keep_blank_values=True)
        self.parameters = dict(self.query)

    def read_body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.fault == "reset":
            self.rfile.read(length // 2)
            self.reset()
        self.body = self.rfile.read(length)
        if len(self.body) != length:
            raise ConnectionResetError

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RD)
        self.rfile.close()
        self.connection.close()
        raise ConnectionResetError

    def check_signature(self):
        header = self.headers.get("Authorization")
        if header:
            found = re.fullmatch(
                r"AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})", header
            )
            if not found:
                raise Refused(400, "AuthorizationHeaderMalformed", header)
            credential, signed, signature = found.groups()
            when = self.headers.get("x-amz-date", "")
            payload = self.headers.get("x-amz-content-sha256")
            if payload is None:
                raise Refused(400, "MissingSecurityHeader", "x-amz-content-sha256")
            token = self.headers.get("x-amz-security-token")
        elif "X-Amz-Signature" in self.parameters:
            credential = self.parameters["X-Amz-Credential"]
            signed = self.parameters["X-Amz-SignedHeaders"]
            signature = self.parameters["X-Amz-Signature"]
            when = self.parameters["X-Amz-Date"]
            payload = self.headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            token = self.parameters.get("X-Amz-Security-Token")
        else:
            raise Refused(403, "AccessDenied", "no signature")
        self.check_time(when)
        self.check_token(token)
        key, scope = credential.split("/", 1)
        if key != ACCESS_KEY:
            raise Refused(403, "InvalidAccessKeyId")
        self.check_signed_headers(signed.split(";"))
        canonical = self.canonical_request(signed, payload)
        text = "\n".join(["AWS4-HMAC-SHA256", when, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        secret = ("AWS4" + SECRET_KEY).encode()
        for part in scope.split("/") + [text]:
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(secret.hex(), signature):
            raise Refused(403, "SignatureDoesNotMatch", canonical.replace("\n", "|"))

    def check_time(self, when):
        try:
            signed_at = datetime.datetime.strptime(when, "%Y%m%dT%H%M%SZ")
        except ValueError:
            raise Refused(403, "AccessDenied", "no date") from None
        if abs((datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - signed_at).total_seconds()) > 900:
            raise Refused(403, "RequestTimeTooSkewed")

    def check_token(self, token):
        try:
            with open(os.path.join(folder, "token"), encoding="ascii") as file:
                wanted = file.read().strip()
        except FileNotFoundError:
            wanted = None
        if token != wanted:
            raise Refused(403, "InvalidToken")

    def check_signed_headers(self, signed):
        """The host, and all that Amazon gives a meaning to, have to be part of the signature."""
        for name in ["host"] + [name.lower() for name in self.headers]:
            if (name == "host" or name.startswith("x-amz-")) and name not in signed:
                raise Refused(403, "AccessDenied", f"the header {name} is not signed")

    def canonical_request(self, signed, payload):
        pairs = sorted((quote(name), quote(value)) for name, value in self.query if name != "X-Amz-Signature")
        lines = [
            self.command,
            quote(urllib.parse.unquote_to_bytes(self.raw_path), safe="/-._~"),
            "&".join(f"{name}={value}" for name, value in pairs),
        ]
        for name in signed.split(";"):
            values = [" ".join(value.split()) for value in self.headers.get_all(name, [])]
            lines.append(f"{name}:{','.join(values)}")
        return "\n".join(lines + ["", signed, payload])

    def check_body(self):
        wanted = self.headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        if wanted.startswith("STREAMING-"):
            raise Refused(501, "NotImplemented", wanted)
        if wanted != "UNSIGNED-PAYLOAD" and wanted != hashlib.sha256(self.body).hexdigest():
            raise Refused(400, "XAmzContentSHA256Mismatch")
        digest = self.headers.get("Content-MD5")
        if digest is not None and base64.b64decode(digest) != hashlib.md5(self.body).digest():
            raise Refused(400, "BadDigest")

    def carry_out(self):
        self.folder = os.path.join(buckets, quote(self.bucket))
        if not self.key:
            return self.on_bucket()
        if not os.path.isdir(self.folder):
            raise Refused(404, "NoSuchBucket")
        self.file = os.path.join(self.folder, quote(self.key))
        if self.command == "PUT" and "partNumber" in self.parameters:
            return self.put_part()
        if self.command == "POST" and "uploads" in self.parameters:
            return self.begin_upload()
        if self.command == "POST" and "uploadId" in self.parameters:
            return self.end_upload()
        if self.command == "PUT":
            self.refuse_existing()
            self.keep_metadata()
            return self.put_object(self.body, md5(self.body))
        if self.command in ("GET", "HEAD"):
            return self.get_object()
        if self.command == "DELETE":
            return self.delete_object()
        raise Refused(405, "MethodNotAllowed")

    def on_bucket(self):
        if self.command == "PUT":
            os.makedirs(self.folder, exist_ok=True)
            return self.answer(200)
        if not os.path.isdir(self.folder):
            raise Refused(404, "NoSuchBucket")
        body = "<ListBucketResult>" + "".join(self.rows()) + "</ListBucketResult>"
        return self.answer(200, body.encode(), {"Content-Type": "application/xml"})

    def rows(self):
        prefix, delimiter = self.parameters.get("prefix", ""), self.parameters.get("delimiter", "")
        write = quote if self.parameters.get("encoding-type") == "url" else html.escape
        groups = set()
        for name in sorted(os.listdir(self.folder)):
            key = urllib.parse.unquote(name)
            if not key.startswith(prefix):
                continue
            if delimiter and delimiter in key[len(prefix) :]:
                groups.add(prefix + key[len(prefix) :].split(delimiter)[0] + delimiter)
                continue
            size = os.path.getsize(os.path.join(self.folder, name))
            yield f"<Contents><Key>{write(key)}</Key><Size>{size}</Size><LastModified>{MODIFIED}</LastModified></Contents>"
        for group in sorted(groups):
            yield f"<CommonPrefixes><Prefix>{write(group)}</Prefix></CommonPrefixes>"

    def refuse_existing(self):
        if self.headers.get("If-None-Match") == "*" and os.path.exists(self.file):
            raise Refused(412, "PreconditionFailed")

    def keep_metadata(self):
        metadata[self.file] = {name: value for name, value in self.headers.items() if name.lower().startswith("x-amz-meta-")}

    def put_object(self, data, etag, answer=None):
        if self.fault == "forget":
            return self.answer(200, answer or b"", {"ETag": f'"{etag}"'})
        if self.fault == "lie":
            data = data[: len(data) // 2]
        if self.fault == "flip":
            data = bytes([data[0] ^ 1]) + data[1:]
        part = f"{self.file}.{threading.get_ident()}"
        with open(part, "wb") as file:
            file.write(data)
        os.replace(part, self.file)
        etags.pop(self.file, None)
        if answer is not None:
            etags[self.file] = etag
        if self.fault == "lost":
            self.reset()
        return self.answer(200, answer or b"", {"ETag": f'"{etag}"'})

    def begin_upload(self):
        with lock:
            name = f"upload{len(uploads) + 1}"
            uploads[name] = {}
        self.keep_metadata()
        self.answer(200, f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>".encode())

    def parts(self):
        try:
            return uploads[self.parameters["uploadId"]]
        except KeyError:
            raise Refused(404, "NoSuchUpload") from None

    def put_part(self):
        self.parts()[int(self.parameters["partNumber"])] = self.body
        self.answer(200, b"", {"ETag": f'"{md5(self.body)}"'})

    def end_upload(self):
        self.refuse_existing()
        parts = [self.parts()[int(number)] for number in re.findall(rb"<PartNumber>(\d+)<", self.body)]
        if any(len(part) < 5 * 1024 * 1024 for part in parts[:-1]):
            raise Refused(400, "EntityTooSmall")
        digest = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()
        etag = f"{digest}-{len(parts)}"
        answer = f"<CompleteMultipartUploadResult><ETag>&quot;{etag}&quot;</ETag></CompleteMultipartUploadResult>"
        self.put_object(b"".join(parts), etag, answer.encode())

    def get_object(self):
        try:
            with open(self.file, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            raise Refused(404, "NoSuchKey") from None
        headers = {"ETag": f'"{etags.get(self.file) or md5(data)}"', "Last-Modified": "Sat, 01 Jan 2022 00:00:00 GMT"}
        headers.update(metadata.get(self.file, {}))
        if self.fault == "opaque":
            headers["ETag"] = f'"{md5(b"another")}"'
        if self.fault == "bare":
            del headers["ETag"]
        status = 200
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if found:
            first, last = int(found[1]), int(found[2] or len(data) - 1)
            headers["Content-Range"] = f"bytes {first}-{min(last, len(data) - 1)}/{len(data)}"
            data, status = data[first : last + 1], 206
        self.answer(status, data, headers)

    def delete_object(self):
        if os.path.exists(self.file):
            os.remove(self.file)
        self.answer(204)

    def answer(self, status, body=b"", headers=None):
        self.answered = status
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def main():
    os.makedirs(buckets, exist_ok=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    certificate = os.path.join(folder, "tls.pem")
    if os.path.exists(certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    timer = threading.Timer(60 * MINUTES, os._exit, [1])
    timer.daemon = True
    timer.start()
    with open(os.path.join(folder, "port"), "w", encoding="ascii") as file:
        file.write(f"{server.server_port}\n")
    server.serve_forever(poll_interval=60)


main()
