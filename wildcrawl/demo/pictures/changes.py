"""Changes that sellers make of another's photograph: crop, mirror, watermark and others."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageOps

from wildcrawl.demo.pictures.lettering import code, font, write

CROPPED = 0.15
"""Part that a crop takes from each side."""
_WHITE = (255, 255, 255)
_BLACK = (20, 20, 24)


def crop(image: Image.Image) -> Image.Image:
    """Without the outer 15% of each side."""
    across, down = round(image.width * CROPPED), round(image.height * CROPPED)
    return image.crop((across, down, image.width - across, image.height - down))


def mirror(image: Image.Image) -> Image.Image:
    """Left and right exchanged."""
    return ImageOps.mirror(image)


def watermark(image: Image.Image) -> Image.Image:
    """With a site's name across it, half transparent."""
    layer = Image.new("RGBA", image.size, (255, 255, 255, 0))
    for down in range(40, image.height, 150):
        for across in range(20, image.width, 190):
            write(layer, (across, down), "拾光二手", 34, (255, 255, 255, 110))
    turned = layer.rotate(18, Image.Resampling.BILINEAR)
    return Image.alpha_composite(image.convert("RGBA"), turned).convert("RGB")


def resave(image: Image.Image) -> Image.Image:
    """Smaller, as after several uploads; `QUALITY` makes it coarse too."""
    size = (round(image.width * 0.7), round(image.height * 0.7))
    return image.resize(size, Image.Resampling.BILINEAR)


def banner(image: Image.Image) -> Image.Image:
    """With a band of advertising words over the lower fifth."""
    banded = image.copy()
    top = round(image.height * 0.82)
    ImageDraw.Draw(banded).rectangle((0, top, image.width, image.height), fill=(196, 30, 36))
    write(banded, (24, top + 20), "现货包邮 支持复检 一物一图", 32, _WHITE)
    return banded


def screenshot(image: Image.Image) -> Image.Image:
    """As shown by an app on a telephone, saved from its screen."""
    screen = Image.new("RGB", (540, 1100), (244, 244, 246))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, 540, 36), fill=_BLACK)
    write(screen, (16, 6), "14:20", 20, _WHITE)
    write(screen, (448, 6), "4G 电池", 20, _WHITE)
    write(screen, (226, 52), "商品详情", 24, _BLACK)
    screen.paste(image.resize((540, 540), Image.Resampling.BILINEAR), (0, 100))
    write(screen, (20, 664), "￥ 价格私聊", 36, (214, 52, 40))
    write(screen, (20, 724), "实物拍摄 一物一图 支持复检", 26, _BLACK)
    write(screen, (20, 770), "包邮 现货 九成新", 24, (120, 122, 128))
    for index, word in enumerate(("赞", "评论", "分享")):
        write(screen, (40 + index * 110, 1030), word, 24, (90, 92, 98))
    draw.rounded_rectangle((370, 1012, 520, 1076), 30, fill=(255, 218, 60))
    write(screen, (408, 1028), "聊一聊", 26, _BLACK)
    return screen


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "resave": resave,
    "crop": crop,
    "mirror": mirror,
    "watermark": watermark,
    "banner": banner,
    "screenshot": screenshot,
}
"""Changes by name; "" leaves a photograph as it is."""
QUALITY = {"resave": 45}
"""JPEG quality after a change, if not the ordinary one."""


def lettered(image: Image.Image, text: str) -> Image.Image:
    """A photograph with the seller's words written on it, a line each."""
    written = image.copy()
    size, top = 42, 26
    for line in text.split("\n"):
        across = font(size).getlength(line)
        ImageDraw.Draw(written).rectangle(
            (16, top - 4, 32 + across, top + size + 10), fill=(250, 244, 220)
        )
        write(written, (24, top), line, size, (150, 24, 20))
        top += size + 18
    return written


def card(image: Image.Image, text: str) -> Image.Image:
    """A card with a code to scan, the seller's words and a small view of the photograph."""
    paper = Image.new("RGB", (480, 640), (252, 252, 250))
    paper.paste(image.resize((120, 120), Image.Resampling.BILINEAR), (40, 40))
    for index, line in enumerate(text.split("\n")):
        write(paper, (180, 50 + index * 46), line, 30, _BLACK)
    square = code(400)
    paper.paste(square, ((480 - square.width) // 2, 190))
    write(paper, (110, 586), "长按识别二维码 添加好友", 24, (120, 122, 128))
    return paper
