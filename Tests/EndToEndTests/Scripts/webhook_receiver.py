"""A receiver of webhooks: answers as it is told, and prints what it got, a line of JSON a request.

usage: webhook_receiver.py SECRET_FILE ANSWER… [--port N] [--tls CERTIFICATE KEY]

The first line says the port. Each ANSWER is a status, or "hang" for none; the last one serves for all further requests.
A signature counts as good where it is the HMAC of the specification and, with the package openai at hand, where its
client accepts it, too.
"""
import argparse, base64, hashlib, hmac, http.server, json, ssl, threading, time

try:
    from openai import OpenAI
except ImportError:
    OpenAI = None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("secret")
    parser.add_argument("answers", nargs="+")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2)
    options = parser.parse_args()
    secret = open(options.secret, encoding="ascii").read().strip()
    answers = list(options.answers)
    lock = threading.Lock()

    def is_signed(headers, body):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        code = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
        return is_fresh and hmac.compare_digest(headers["webhook-signature"], f"v1,{code}")

    def unwrapped(headers, body):
        event = OpenAI(api_key="none").webhooks.unwrap(body, dict(headers), secret=secret)
        return f"{event.type} {event.data.id}"

    class Receiver(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.do_POST()

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
            report = {"path": self.path, "method": self.command, "answer": answer}
            if body:
                event = json.loads(body)
                report |= {"id": event["id"], "type": event["type"], "job": event["data"]["id"],
                           "header": self.headers["webhook-id"], "signed": is_signed(self.headers, body)}
                if OpenAI:
                    report["openai"] = unwrapped(self.headers, body)
            print(json.dumps(report), flush=True)
            if answer == "hang":
                time.sleep(60)
                return
            self.send_response(int(answer))
            if answer.startswith("3"):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Receiver)
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


main()
