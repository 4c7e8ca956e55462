"""As much of Lambda's Python runtime as answers events: it takes them from the runtime
API, calls the handler of $_HANDLER in $LAMBDA_TASK_ROOT and sends back what that says."""

import importlib
import json
import os
import sys
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def post(path, answer):
    urllib.request.urlopen(urllib.request.Request(f"{API}/{path}", json.dumps(answer).encode(), method="POST"))


sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
module, name = os.environ["_HANDLER"].rsplit(".", 1)
handler = getattr(importlib.import_module(module.replace("/", ".")), name)

while True:
    with urllib.request.urlopen(f"{API}/next") as response:
        request = response.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(response)
    try:
        post(f"{request}/response", handler(event, None))
    except Exception as problem:
        post(f"{request}/error", {"errorMessage": repr(problem)})
