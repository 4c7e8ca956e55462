"""Makes a thumbnail of every picture that arrives in the bucket."""

import io
import os

from PIL import Image, ImageOps

WIDTH, HEIGHT = 320, 320

_s3 = None


def lambda_handler(event, context):
    """Handles an `Object Created` event of EventBridge.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    global _s3
    if _s3 is None:
        import boto3  # comes with the base image

        _s3 = boto3.client("s3")
    bucket, key = event["detail"]["bucket"]["name"], event["detail"]["object"]["key"]
    picture = _s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    _s3.put_object(Bucket=bucket, Key=thumbnail_key(key), Body=thumbnail(picture), ContentType="image/jpeg")


def thumbnail_key(key):
    name, _ = os.path.splitext(key.removeprefix("pictures/"))
    return f"thumbnails/{name}.jpg"


def thumbnail(picture):
    """Returns a JPEG that fits WIDTH by HEIGHT, upright, without the original's metadata."""
    with Image.open(io.BytesIO(picture)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((WIDTH, HEIGHT))
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=85)
        return out.getvalue()
