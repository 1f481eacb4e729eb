"""Chinese is complete: no text without a translation, and no English left on a page that speaks Chinese."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse
from django.utils.translation.reloader import translation_file_changed

from interactions.models import AgentState, Outcome, Shift, Source
from kpis.models import Run
from kpis.services import run_here, start_run
from people.models import Agent, Channel, Role, Team, User
from tests.factories import (
    MONDAY_NOON,
    AgentFactory,
    AgentStateFactory,
    ComplaintFactory,
    ContactFactory,
    QueueFactory,
    ReasonFactory,
    ShiftFactory,
    SiteFactory,
    SourceFactory,
    SurveyAnswerFactory,
    TargetFactory,
    TeamFactory,
    UserFactory,
)

CHINESE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HOW_TO_MEND = f"Run `make messages`, translate what is new in {CHINESE}, and run the tests again."
PLACEHOLDER = re.compile(r"%\(\w+\)|\{\w+\}|</?\w+>")


def catalog_at(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def texts(message: Message) -> tuple[list[str], list[str]]:
    """English and Chinese, each with all plural forms."""
    english, chinese = message.id, message.string
    return (
        [english] if isinstance(english, str) else list(english),
        [chinese] if isinstance(chinese, str) else list(chinese),
    )


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Catalog:
    """What `make messages` would make of the sources as they are, collected from a copy of them."""
    copy = tmp_path_factory.mktemp("sources")
    packages = [path.parent for path in settings.BASE_DIR.glob("*/__init__.py") if path.parent.name != "tests"]
    for folder in (*packages, settings.BASE_DIR / "templates"):
        shutil.copytree(folder, copy / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / CHINESE).parent.mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / CHINESE, copy / CHINESE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr(settings, "LOCALE_PATHS", [copy / "locale"])
        call_command("makemessages", locale=["zh_Hans"], no_location=True, no_wrap=True, verbosity=0)
    return catalog_at(copy / CHINESE)


@pytest.mark.gettext
def test_every_text_is_translated(collected):
    assert len(collected) > 500
    missing = [message.id for message in collected if message.id and not all(texts(message)[1])]
    assert missing == [], HOW_TO_MEND


@pytest.mark.gettext
def test_no_translation_is_a_guess_or_left_over(collected):
    assert [message.id for message in collected if message.id and message.fuzzy] == [], HOW_TO_MEND
    assert list(collected.obsolete) == [], HOW_TO_MEND


@pytest.mark.gettext
def test_a_new_text_is_found_missing(collected):
    """The test above can fail: a text nobody has translated is not in the catalogue."""
    assert collected.get("A text that nobody has written yet") is None
    assert collected.get("Contacts offered").string == "进线量"


def test_placeholders_are_the_same_in_both_languages():
    catalog = catalog_at(settings.BASE_DIR / CHINESE)
    assert [(message.id, errors) for message, errors in catalog.check()] == []
    for message in catalog:
        english, chinese = texts(message)
        for text in filter(None, chinese if message.id else []):
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[-1])), text


def test_chinese_is_set_as_chinese_is():
    """One space between Chinese and Latin, none between Chinese and Chinese, and Chinese punctuation."""
    for message in catalog_at(settings.BASE_DIR / CHINESE):
        for text in texts(message)[1] if message.id else []:
            assert not re.search(r"[\u4e00-\u9fff][ ]+[\u4e00-\u9fff]", text), text
            assert not re.search(r"[\u4e00-\u9fff][,;:?!.]", re.sub("(时:)?分:秒", "", text)), text
            assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u4e00-\u9fff]", without_gaps(text)), text


def without_gaps(text: str) -> str:
    """A text without its placeholders and tags, whose neighbours depend on what fills them."""
    return re.sub(r"%\(\w+\)[-0-9.]*\w|%%|</?\w+>|\d+%", "", text)


# ----- pages


class Words(HTMLParser):
    """What a reader of a page sees or is told: texts, attributes that are read out or shown, and those of charts.

    Left out is what says itself that it is English, and code.
    """

    TOLD = ("title", "aria-label", "alt", "placeholder")
    SILENT = ("script", "style", "code")
    EMPTY = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []  # elements, and whether they are left out
        self.found: list[str] = []
        self.feed(page)

    @property
    def is_silent(self) -> bool:
        return any(silent for _tag, silent in self.open)

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append((tag, tag in self.SILENT or ("lang", "en") in attrs))
        if not self.is_silent:
            self.found += [value for name, value in attrs if name in self.TOLD and value]

    def handle_endtag(self, tag):
        while any(tag == started for started, _silent in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        if not self.is_silent:
            self.found.append(data)
        elif self.open[-1][0] == "script" and data.startswith("{"):
            self.found += figure_texts(json.loads(data))


def figure_texts(part: object, name: str = "") -> Iterator[str]:
    """The texts in a chart."""
    if isinstance(part, dict):
        for key, inner in part.items():
            yield from figure_texts(inner, key)
    elif isinstance(part, list):
        for inner in part:
            yield from figure_texts(inner, name)
    elif isinstance(part, str) and name in ("text", "hovertext", "ticktext", "x", "y"):
        yield re.sub(r"<[^>]+>", " ", part)


# What a reader of Chinese reads in Latin letters too: formats, products, keys, and three words of Django's own pages.
NAMES = {
    *(
        "API",
        "CSV",
        "XLSX",
        "PDF",
        "PNG",
        "Parquet",
        "REST",
        "JSON",
        "UTF",
        "ID",
        "ISO",
        "LDAP",
        "Control",
        "Command",
        "Mac",
    ),
    *("Asterisk", "queue_log", "Amazon", "Connect", "Genesys", "Cloud", "anonymous_bank", "docs", "import_formats"),
    *("md", "Europe", "Berlin", "Asia", "Shanghai", "CN", "AGENT", "answered", "service_level"),
    *("Search", "True", "False"),
    *("Ctrl", "Enter", "Esc"),
}
LATIN = re.compile(r"[A-Za-z_]{2,}")


def english_in(page: str) -> set[str]:
    """Words in Latin letters that are no names."""
    return {word for text in Words(page).found for word in LATIN.findall(text)} - NAMES


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    """The catalogue as it is now, as `make test` compiles it."""
    source, compiled = settings.BASE_DIR / CHINESE, (settings.BASE_DIR / CHINESE).with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        with compiled.open("wb") as file:
            write_mo(file, catalog_at(source))
        translation_file_changed(None, compiled)


@pytest.fixture
def reader(db) -> User:
    """Somebody who may open everything and reads Chinese."""
    return UserFactory(
        username="王芳",
        password="!",
        first_name="芳",
        last_name="王",
        roles=[Role.DIRECTOR, Role.ADMINISTRATOR],
        language="zh-hans",
    )


@pytest.fixture
def centre(reader) -> None:
    """A centre with Chinese names and a row of every kind, computed."""
    site = SiteFactory(code="上海", name="上海", time_zone="Asia/Shanghai", country="CN", subdivision="")
    team = TeamFactory(code="退款", name="退款组", site=site)
    agent = AgentFactory(name="陈琳", employee_number="1001", team=team)
    reason = ReasonFactory(code="退款", name="退款")
    sources = {
        fact: SourceFactory(name=f"来源{number}", fact=fact, site=site) for number, fact in enumerate(Source.Fact)
    }
    line = QueueFactory(code="热线", name="退款热线", site=site, owner_team=team)
    tickets = QueueFactory(code="工单", name="退款工单", site=site, owner_team=team, channel=Channel.TICKET)
    for number in range(4):
        at = MONDAY_NOON + dt.timedelta(days=number)
        calls = {"source": sources[Source.Fact.CONTACTS], "reason": reason, "offered_at": at}
        contact = ContactFactory(external_id=f"{number}-1", queue=line, agent=agent, customer=b"1" * 16, **calls)
        ContactFactory(external_id=f"{number}-2", queue=line, outcome=Outcome.ABANDONED, wait_seconds=40, **calls)
        ContactFactory(external_id=f"{number}-3", queue=tickets, agent=agent, **calls)
        SurveyAnswerFactory(contact=contact, source=sources[Source.Fact.SURVEYS], nps=9, ces=6, comment="很好")
        AgentStateFactory(agent=agent, source=sources[Source.Fact.STATES], started_at=at)
        AgentStateFactory(agent=agent, source=sources[Source.Fact.STATES], started_at=at, state=AgentState.State.BREAK)
        ShiftFactory(agent=agent, source=sources[Source.Fact.SHIFTS], starts_at=at, activity=Shift.Activity.WORK)
    ComplaintFactory(contact=contact, source=sources[Source.Fact.COMPLAINTS], text="等太久")
    TargetFactory()
    run_here(kind=Run.Kind.REBUILD, by=reader)


def pages(browser: Client, start: str) -> Iterator[tuple[str, str]]:
    """Every page that links lead to from a first one; of many pages of one kind, the first."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop(0)
        kind = resolve(address.partition("?")[0]).view_name
        if kind in seen or kind.startswith("api:") or kind.endswith(("_delete", "_history")):
            continue
        response = browser.get(address, follow=True)
        if "html" not in response.headers.get("Content-Type", ""):
            continue
        seen.add(kind)
        page = response.content.decode()
        yield address, page
        links = re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', page)
        waiting += [link.replace("&amp;", "&") for link in links if not link.startswith("/static/")]


def test_no_english_is_left_on_any_page(sign_in, reader, centre):
    found = {address: english_in(page) for address, page in pages(sign_in(reader), reverse("home"))}
    assert len(found) > 25
    assert {address: words for address, words in found.items() if words} == {}


@pytest.mark.parametrize("roles", [[], [Role.SHOPPER]])
def test_who_has_nothing_to_see_yet_is_told_so_in_chinese(sign_in, db, roles):
    user = UserFactory(username="李明", first_name="明", last_name="李", roles=roles, language="zh-hans")
    page = sign_in(user).get(reverse("home")).content.decode()
    assert "欢迎" in page
    assert english_in(page) == set()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SUPERVISOR, Role.QA_ANALYST, Role.AGENT, Role.ADMINISTRATOR])
def test_the_home_of_each_role_is_chinese(sign_in, centre, role):
    user = UserFactory(username="李明", first_name="明", last_name="李", roles=[role], language="zh-hans")
    Team.objects.get().supervisors.add(user)
    Agent.objects.update(user=user)
    page = sign_in(user).get(reverse("home")).content.decode()
    assert "首页" in page
    assert english_in(page) == set()


def test_a_refused_page_and_a_missing_one_speak_chinese(sign_in, reader):
    page = sign_in(reader).get("/kpis/none_of_ours/")
    assert page.status_code == 404
    assert "页面不存在" in page.content.decode()


def test_the_language_of_the_account_goes_before_the_browsers(sign_in, reader):
    browser = sign_in(reader)
    assert "总览" in browser.get(reverse("kpis:centre"), headers={"accept-language": "en"}).content.decode()


def test_the_sign_in_page_speaks_the_browsers_language(client, db):
    page = client.get(reverse("people:login"), headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    assert '<html lang="zh-hans"' in page
    assert "登录" in page
    assert english_in(page) == set()


def test_the_switch_changes_the_language_for_good(sign_in, director):
    browser = sign_in(director)
    assert "Overview" in browser.get(reverse("kpis:centre")).content.decode()
    browser.post(reverse("set_language"), {"language": "zh-hans", "next": reverse("kpis:centre")})
    assert "总览" in browser.get(reverse("kpis:centre")).content.decode()
    assert "总览" in sign_in(User.objects.get(pk=director.pk)).get(reverse("kpis:centre")).content.decode()


def test_django_refuses_in_chinese_too(sign_in, reader):
    refused = sign_in(reader).post(
        reverse("people:password_change"),
        {"old_password": "", "new_password1": "short", "new_password2": "short"},
    )
    page = refused.content.decode()
    assert "该字段是必填项" in page
    assert "密码太短，至少须包含 10 个字符" in page


def test_numbers_and_days_follow_the_language(sign_in, reader, centre):
    page = sign_in(reader).get(reverse("kpis:centre")).content.decode()
    assert "数据截至 2026年11月5日" in page


def test_what_does_not_reconcile_is_told_in_chinese(sign_in, reader):
    run = start_run(kind=Run.Kind.REBUILD, by=reader)
    difference = {"of": "handled, facts", "is": "7", "but": "handle_seconds, by agent", "was": "6"}
    run.days.create(day=MONDAY_NOON.date(), seconds=1, differences=[difference])
    page = sign_in(reader).get(reverse("kpis:run_detail", args=[run.pk])).content.decode()
    assert "处理量（明细数据）: 7; 处理时长（按坐席汇总）: 6" in page
    assert english_in(page) == set()
