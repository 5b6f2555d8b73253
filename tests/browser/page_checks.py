"""What must hold of every page, whatever it shows; each check gives its complaints in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Browser, Page, ViewportSize

from esep import texts
from web.page_text import text_of

_AREAS = "|".join(sorted(path.stem for path in Path(texts.__file__).parent.glob("*.toml")))
_UNTRANSLATED = re.compile(rf"\b(?:{_AREAS})\.(?!json|css|xlsx|pdf|docx|html)[a-z_0-9]{{3,}}\b")
_LEFT_OVER = re.compile(r"\bNone\b|{{|}}|\{[a-z_]+\}|Undefined|Decimal\(|datetime\.|`|\besep\.(?!duckdb)[a-z]+\b")
_CODE = re.compile(r"(?<![\w./=])[a-z]+(?:_[a-z]+)+(?:/[\d-]+)?(?![\w.])")
"""A name of the program; file names have an end, and addresses a slash before it."""
_WIDE_SCREEN: ViewportSize = {"width": 1280, "height": 900}
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_AXE_RUN = """async () => {
    const found = await axe.run(document, {resultTypes: ['violations']});
    return found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
}"""
_LINES_OF_HEADER = """() => {
    const tops = [...document.querySelectorAll('header.top > *')].map(part => part.getBoundingClientRect());
    return Math.max(...tops.map(part => part.top)) < Math.min(...tops.map(part => part.bottom));
}"""
_TABLES = "[...document.querySelectorAll('main table')].filter(table => table.offsetWidth).length"
TELEPHONE: ViewportSize = {"width": 360, "height": 800}
_SCROLLING = """() => [...document.querySelectorAll('.scroll:not(.chart)')]
    .filter(box => box.scrollWidth > box.clientWidth + 1 && !box.querySelector('table.grid'))
    .map(box => box.innerText.slice(0, 60))"""
"""Tables that a reader has to move sideways; a grid and a picture may be wider than a telephone."""
_STRUCTURE = """() => {
    const reported = [];
    const seen = element => !!(element.offsetWidth || element.offsetHeight || element.getClientRects().length);
    if (document.querySelectorAll('h1').length !== 1) reported.push('not one h1');
    let before = 0;
    for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
        const level = Number(heading.tagName[1]);
        if (level > before + 1) reported.push(`h${level} after h${before}: ${heading.textContent.trim()}`);
        before = level;
    }
    for (const input of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
        if (!input.labels.length && !input.getAttribute('aria-label')) reported.push(`no label: ${input.name}`);
    const pen = document.createElement('canvas').getContext('2d');
    for (const input of document.querySelectorAll('input[placeholder]')) {
        const look = getComputedStyle(input);
        pen.font = `${look.fontSize} ${look.fontFamily}`;
        const room = input.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
        if (seen(input) && pen.measureText(input.placeholder).width > room)
            reported.push(`placeholder is cut off: ${input.placeholder}`);
    }
    for (const table of document.querySelectorAll('table'))
        if (!table.caption || !table.caption.textContent.trim()) reported.push('a table without a caption');
    for (const box of document.querySelectorAll('.scroll'))
        if (box.tabIndex < 0) reported.push(`scrolls, not reached by the keyboard: ${box.innerText.slice(0, 60)}`);
    for (const link of document.querySelectorAll('a[href]'))
        if (!link.textContent.trim() && !link.getAttribute('aria-label') && !link.querySelector('svg, img'))
            reported.push(`a link without words: ${link.getAttribute('href')}`);
    for (const picture of document.querySelectorAll('svg, img'))
        if (!picture.closest('a, h1') && !picture.getAttribute('aria-label') && !picture.getAttribute('alt')
            && picture.getAttribute('aria-hidden') !== 'true' && !picture.closest('svg svg')
            && !picture.parentElement.closest('svg')) reported.push('a picture without words');
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
    for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) reported.push(`id twice: ${id}`);
    if (!document.querySelector('main')) reported.push('no main');
    const reached = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    for (const element of document.querySelectorAll(reached))
        if (element.tabIndex < 0) reported.push(`not reached by the keyboard: ${element.outerHTML.slice(0, 80)}`);
    const light = colour => {
        const parts = colour.match(/[\\d.]+/g).map(Number);
        const linear = value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
        const [r, g, b] = parts.slice(0, 3).map(value => linear(value / 255));
        return [0.2126 * r + 0.7152 * g + 0.0722 * b, parts.length > 3 ? parts[3] : 1];
    };
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const [value, alpha] = light(getComputedStyle(at).backgroundColor);
            if (alpha > .5) return value;
        }
        return 1;
    };
    const faint = new Set();
    for (const element of document.querySelectorAll('main *, header *, footer *')) {
        if (element.closest('svg, .hidden') || !seen(element)) continue;
        if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
        const ink = light(getComputedStyle(element).color)[0], paper = behind(element);
        const contrast = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
        if (contrast < 4.5) faint.add(`contrast ${contrast.toFixed(1)}: ${element.tagName} .${element.className}`);
    }
    return [...reported, ...faint];
}"""


@dataclass(slots=True)
class Watch:
    """What went wrong behind a page while it was loaded."""

    complaints: list[str] = field(default_factory=list)


@contextmanager
def opened(
    browser: Browser,
    url: str,
    token: str | None,
    language: str = "ru",
    width: int = 1280,
    *,
    takes_scripts: bool = False,
) -> Iterator[tuple[Page, Watch]]:
    """A page of a fresh session with a login, watched: errors of the console, failed requests, other hosts, dialogs.

    `takes_scripts`: those of a test, which the pages' headers forbid.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900}, accept_downloads=True, locale=language, bypass_csp=takes_scripts
    )
    if token:
        context.add_cookies([{"name": "_token", "value": token, "url": url}])
    page = context.new_page()
    watch = Watch()
    tell: Callable[[str], None] = watch.complaints.append
    page.on("console", lambda message: tell(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: tell(f"script: {error}"))
    page.on("dialog", lambda dialog: (tell(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request", lambda request: None if request.url.startswith((f"{url}/", "data:")) else tell(f"to {request.url}")
    )
    page.on("requestfailed", lambda request: tell(f"failed: {request.url}"))
    try:
        yield page, watch
    finally:
        context.close()


def complaints_about(page: Page, language: str) -> list[str]:
    """Everything that is wrong with the page that is open, and with how it fits a telephone."""
    reported = list(page.evaluate(_STRUCTURE))
    if page.evaluate("document.documentElement.lang") != language:
        reported.append(f"lang is {page.evaluate('document.documentElement.lang')}")
    reported += _wrong_words(page.inner_text("body"))
    wide = page.viewport_size
    if wide and wide["width"] >= _WIDE_SCREEN["width"] and not page.evaluate(_LINES_OF_HEADER):
        reported.append("the header takes more than one line")
    shown = page.evaluate(_TABLES)
    page.emulate_media(media="print")
    if (printed := page.evaluate(_TABLES)) != shown:
        reported.append(f"{printed} of {shown} tables on paper")
    page.emulate_media(media="screen")
    page.set_viewport_size(TELEPHONE)
    if (pixels := overflow(page)) > 0:
        reported.append(f"{pixels} px wider than a telephone")
    reported += [f"scrolls sideways on a telephone: {words}" for words in page.evaluate(_SCROLLING)]
    if wide:
        page.set_viewport_size(wide)
    return reported


def complaints_of_axe(page: Page) -> list[str]:
    """What axe-core finds on the page that is open, on a wide screen and on a telephone; needs `takes_scripts`."""
    found = []
    for size in (_WIDE_SCREEN, TELEPHONE):
        page.set_viewport_size(size)
        page.add_script_tag(path=_AXE)
        found += [f"{size['width']} px: {one}" for one in page.evaluate(_AXE_RUN)]
    return found


def complaints_about_source(source: str, language: str) -> list[str]:
    """What can be reported without a browser: the language, one heading, no text that was left over."""
    reported = [] if f'<html lang="{language}">' in source else ["another language"]
    if source.count("<h1") != 1:
        reported.append(f"{source.count('<h1')} h1")
    return reported + _wrong_words(text_of(source))


def _wrong_words(words: str) -> list[str]:
    return [
        f"{what}: {found}"
        for what, pattern in (("a key instead of a text", _UNTRANSLATED), ("left over", _LEFT_OVER), ("a code", _CODE))
        for found in sorted(set(pattern.findall(words)))
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; tables scroll in boxes of their own."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
