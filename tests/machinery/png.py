"""A picture of a page in few colours: a third of what the browser makes of it.

The browser reads its own picture, finds the colours, and packs which pixel has
which; only the file is put together here.
"""

import base64
import struct
import zlib

from playwright.sync_api import Page

#: The number of colours that are kept. Ink on paper in every grey takes some 30 of them.
COLOURS = 64

INDEXED = 3
SIGNATURE = b"\x89PNG\r\n\x1a\n"

PACK = """async ([picture, most]) => {
  const blob = await (await fetch("data:image/png;base64," + picture)).blob();
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  // Kept is, again and again, what is missed most: how often it stands there, how far off it is.
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const colours = [...counts].map(
    ([pixel, count]) => ({ pixel, count, parts: parts(pixel), off: Infinity }));
  const palette = [];
  while (palette.length < Math.min(most, colours.length)) {
    const next = colours.reduce((a, b) => (b.count * b.off > a.count * a.off ? b : a)).parts;
    for (const one of colours) {
      const off = one.parts.reduce((sum, part, i) => sum + (part - next[i]) ** 2, 0);
      if (off < one.off) [one.off, one.place] = [off, palette.length];
    }
    palette.push(next);
  }
  const places = new Map(colours.map((one) => [one.pixel, one.place]));
  const lines = new Uint8Array(height * (width + 1)); // each begins with its filter: none
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      lines[y * (width + 1) + x + 1] = places.get(pixels[y * width + x]);
  const packed = new Blob([lines]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { width, height, palette: palette.flat(), packed: btoa(text) };
}"""


def in_few_colours(page: Page, picture: bytes) -> bytes:
    """Return a PNG in at most :data:`COLOURS` colours."""
    found = page.evaluate(PACK, [base64.b64encode(picture).decode(), COLOURS])
    lines = zlib.decompress(base64.b64decode(found["packed"]))
    head = struct.pack(">IIBBBBB", found["width"], found["height"], 8, INDEXED, 0, 0, 0)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", bytes(found["palette"])),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
