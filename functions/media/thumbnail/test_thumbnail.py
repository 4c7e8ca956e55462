import io
import unittest

from PIL import Image

from thumbnail import HEIGHT, WIDTH, thumbnail, thumbnail_key


def picture(size, mode="RGB", orientation=None):
    image = Image.new(mode, size)
    exif = image.getexif()
    if orientation:
        exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "PNG", exif=exif)
    return out.getvalue()


class ThumbnailTest(unittest.TestCase):
    def made(self, data):
        return Image.open(io.BytesIO(thumbnail(data)))

    def test_a_large_picture_shrinks_and_keeps_its_shape(self):
        self.assertEqual(self.made(picture((1600, 800))).size, (WIDTH, HEIGHT // 2))

    def test_a_small_picture_keeps_its_size(self):
        self.assertEqual(self.made(picture((20, 10))).size, (20, 10))

    def test_a_picture_with_transparency_becomes_a_jpeg(self):
        self.assertEqual(self.made(picture((400, 400), mode="RGBA")).format, "JPEG")

    def test_a_picture_taken_sideways_is_turned_upright(self):
        self.assertEqual(self.made(picture((1600, 800), orientation=6)).size, (WIDTH // 2, HEIGHT))

    def test_a_thumbnail_lies_beside_the_pictures(self):
        self.assertEqual(thumbnail_key("pictures/2026/cat.png"), "thumbnails/2026/cat.jpg")


if __name__ == "__main__":
    unittest.main()
