def handler(event, context):
    return "cat"
