"""The part of the SDK that comes with Lambda's runtime and that the shipped functions
call: it prints what it is told."""

import json


def client(service):
    return Client()


class Client:
    def put_evaluations(self, **arguments):
        print(json.dumps(arguments))
