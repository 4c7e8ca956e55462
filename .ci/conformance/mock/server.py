"""moto's server, with a CloudFormation that makes what foldstack's templates ask for.

    server.py REGION[,REGION…] ACCOUNT…

prints its address, serves until its standard input ends, and writes what it does to
standard error. Credentials that it did not give out itself are those of an account that manages
the others: in each of them it may assume the role OrganizationAccountAccessRole. GET /census tells
all that is there, and GET /census?delivery only what census.delivery knows.
"""

import json
import logging
import sys
import threading

from moto.iam import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

import census
import handlers
import repairs
import stacks


class Quiet(WSGIRequestHandler):
    """Tells only of answers that say that the server broke."""

    protocol_version = "HTTP/1.1"  # a connection for every call would take as long as the call

    def log_request(self, code="-", size="-"):
        if str(code)[0] == "5":
            self.log("error", "%s answered %s", self.requestline, code)


def main():
    regions, accounts = sys.argv[1].split(","), sys.argv[2:]
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("mock").setLevel(logging.INFO)

    repairs.install()
    stacks.install()
    for account in accounts:
        iam_backends[account]["aws"].create_role(handlers.ADMINISTRATOR, "{}", "/", None, "", [], 3600)

    moto = DomainDispatcherApplication(create_backend_app)

    def application(environ, start_response):
        if environ["PATH_INFO"] != "/census":
            return moto(environ, start_response)
        found = json.dumps(census.take(accounts, regions, environ["QUERY_STRING"]), default=str, sort_keys=True)
        return Response(found, content_type="application/json")(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    handlers.ENDPOINT = f"http://127.0.0.1:{server.port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(handlers.ENDPOINT, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
