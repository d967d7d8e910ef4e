"""What pages weigh on the line: each with its styles, scripts and pictures, compressed."""

from __future__ import annotations

import gzip
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

LINKED = re.compile(r'<(?:link[^>]*rel="stylesheet"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"')
ANCHORS = re.compile(r'<a[^>]*href="([^"#]+)"')
MAP = re.compile(r'<img[^>]*src="[^"]*map[^"]*\.svg"')
KB = 1000
MOST_PAGES = 150
LEFT_OUT = ("/accounts/logout", ".csv", ".svg", ".xlsx", "/api/", "/static/")


def weigh(address: str, cookie: str) -> tuple[dict[str, float], dict[str, float]]:
    """Walk from Today and the public home; give the kB of each ordinary page and of each page with a map."""
    ordinary: dict[str, float] = {}
    with_map: dict[str, float] = {}
    sizes: dict[str, int] = {}
    waiting, seen = ["/", "/public/", "/published/"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        shape = re.sub(r"[0-9A-Za-z_-]{12,}|\d+", "*", path)
        if path in seen or sum(1 for one in seen if one.startswith(shape + "\0")) > 2:
            continue
        seen |= {path, f"{shape}\0{len(seen)}"}
        page = _page(address, path, cookie)
        if not page:
            continue
        parts = [_size(address, part, cookie, sizes) for part in set(LINKED.findall(page))]
        weight = (len(gzip.compress(page.encode(), 6)) + sum(parts)) / KB
        (with_map if MAP.search(page) else ordinary)[path] = weight
        waiting += list(_links(page, path))
    return ordinary, with_map


def _links(page: str, path: str) -> Iterator[str]:
    """Give the addresses within the site that a page leads to."""
    for found in ANCHORS.findall(page):
        target = urllib.parse.urljoin(path, found.replace("&amp;", "&"))
        if target.startswith("/") and not any(part in target for part in LEFT_OUT):
            yield target


def _page(address: str, path: str, cookie: str) -> str:
    """Give a page; empty where it is not one, or not for this reader."""
    try:
        with _ask(address, path, cookie) as answer:
            is_page = answer.headers.get_content_type() == "text/html"
            return answer.read().decode() if is_page else ""
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise
        return ""


def _size(address: str, path: str, cookie: str, sizes: dict[str, int]) -> int:
    """Give the compressed size of a style, script or picture."""
    if path not in sizes:
        with _ask(address, path, cookie) as answer:
            sizes[path] = len(gzip.compress(answer.read(), 6))
    return sizes[path]


def _ask(address: str, path: str, cookie: str) -> Any:  # noqa: ANN401 - urllib's answer
    target = address + urllib.parse.quote(path, safe="/?&=%:~-_.")
    asked = urllib.request.Request(target, headers={"Cookie": cookie})  # noqa: S310 - our own server
    return urllib.request.urlopen(asked, timeout=120)  # noqa: S310
