"""moto's server, with a CloudFormation that makes what foldstack's templates ask for.

    server.py REGION[,REGION…] ACCOUNT…

prints its address, serves until its standard input ends, and writes what it does to
standard error. Credentials that it did not give out itself are those of an account that manages
the others: in each of them it may assume the role OrganizationAccountAccessRole. GET /census tells
all that is there, and GET /census?delivery only what census.delivery knows. POST /runs tells
CodePipeline of a run, and POST /days?100 lets a hundred days pass in the buckets.
"""

import datetime
import functools
import json
import logging
import sys
import threading
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from moto import backends
from moto.core.botocore_stubber import MockRawResponse
from moto.iam import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3 import s3_backends
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import create_environ
from werkzeug.wrappers import Request, Response

import census
import handlers
import history
import repairs
import stacks


class Quiet(WSGIRequestHandler):
    """Tells only of answers that say that the server broke."""

    def log_request(self, code="-", size="-"):
        if str(code)[0] == "5":
            self.log("error", "%s answered %s", self.requestline, code)


def answer(moto, request, **_):
    """Carries a call of the mock's own to moto. By a socket it would take three times as long."""
    url = urlsplit(request.url)
    body = request.body.read() if hasattr(request.body, "read") else request.body
    headers = [(k, v.decode() if isinstance(v, bytes) else v) for k, v in request.headers.items()]
    environ = create_environ(url.path, f"{url.scheme}://{url.netloc}", url.query, method=request.method, headers=headers, data=body)
    response = Response.from_app(moto, environ)
    return AWSResponse(request.url, response.status_code, response.headers, MockRawResponse(response.get_data()))


def grow_older(accounts, days):
    for account in accounts:
        for bucket in s3_backends[account]["aws"].buckets.values():
            for _, versions in bucket.keys.lists():
                for version in versions:
                    version.last_modified -= datetime.timedelta(days)


def main():
    regions, accounts = sys.argv[1].split(","), sys.argv[2:]
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("mock").setLevel(logging.INFO)

    repairs.install()
    stacks.install()
    for account in accounts:
        iam_backends[account]["aws"].create_role(handlers.ADMINISTRATOR, "{}", "/", None, "", [], 3600)

    moto = DomainDispatcherApplication(create_backend_app)
    # Every request looks for the folder of its service among moto's.
    backends.list_of_moto_modules = functools.partial(iter, list(backends.list_of_moto_modules()))
    handlers.session.events.register("before-send", functools.partial(answer, moto))

    own = {
        "/census": lambda asked: census.take(accounts, regions, asked.query_string.decode()),
        "/runs": lambda asked: history.remember(asked.get_json()),
        "/days": lambda asked: grow_older(accounts, int(asked.query_string)),
        # https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
        "/listRegions": lambda _: {"Regions": [{"RegionName": r, "RegionOptStatus": "ENABLED_BY_DEFAULT"} for r in regions]},
    }

    def application(environ, start_response):
        if environ["PATH_INFO"] not in own:
            return moto(environ, start_response)
        found = json.dumps(own[environ["PATH_INFO"]](Request(environ)), default=str, sort_keys=True)
        return Response(found, content_type="application/json")(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    handlers.ENDPOINT = f"http://127.0.0.1:{server.port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(handlers.ENDPOINT, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
