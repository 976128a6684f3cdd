"""An expert's trip as a screen reader tells it, in the order in which it does."""

import pytest
from playwright.sync_api import Page

from tests.browser.steps import follow
from tests.browser.test_expert import WORDS, arrive, choose, press, saved
from tests.clients import arrivals
from tests.machinery.reading_aloud import read_aloud
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


#: Texts that must be heard on each page, in this order; others may be said between.
ALOUD = {
    "en": {
        "landing": """
            Heading: What should count, and how much?
            You are one of 3 experts invited to set weights for the 5 indicators of “Pilot”.
            Button: Begin
            What we ask you
            Who can see what
            Withdrawing""",
        "overview": """
            Heading: Ready to begin
            Link: Begin
            Heading: The parts
            Link: Digital
            0 of 3
            Link: Withdraw""",
        "question": """
            Heading: Which should count more in the ranking?
            Group: Which should count more in the ranking?
            Heading: Wired network
            2 gigabit
            Choice: “Wired network” counts more
            Heading: Wireless network
            Choice: “Wireless network” counts more
            Choice: Both count the same
            Choice: I cannot judge this pair
            Button: Next""",
        "judged": """
            Choice, chosen: “Wired network” counts more
            Choice: “Wireless network” counts more
            Group: How much more?
            Choice, chosen: a little more 3 times
            Choice: clearly more 5 times
            Choice: much more 7 times
            Choice: overwhelmingly more 9 times
            Status: Your answer: “Wired network” counts 3 times as much as “Wireless network”.
            Button: Next
            Status: Saved at …""",
        "without judgement": """
            Choice, chosen: I cannot judge this pair
            Group: Why not? (optional)
            Choice: I do not know enough about “Wired network”
            Choice: The two cannot be compared
            Button: Next""",
        "groups": """
            Group: Which should count more in the ranking?
            Heading: Digital
            Wired network
            Wireless network
            Artificial intelligence
            Choice: “Digital” counts more
            Heading: Civic
            Water
            Health
            Choice: “Civic” counts more
            Choice: Both count the same
            Button: Next""",
        "weights": """
            Heading: The weights from your answers
            Digital. The longer the bar, the larger the weight.
            Row: Wired network 60.0%
            Row: Wireless network 20.0%""",
        "finish": """
            Heading: Finish with unanswered questions?
            You can leave these blank: we never fill in an answer for you.
            Button: Finish""",
        "receipt": """
            Heading: Thank you. Your answers are saved
            Expert
            ANN
            Digital: 3 of 3
            Checksum of your answers""",
        "points": """
            Heading: Divide 100 points
            Button: 5 points fewer: “Wired network”
            Field: Wired network
            60
            Button: 5 points more: “Wired network”
            Field: Wireless network
            Field: Artificial intelligence
            Status: Left: 40 of 100
            Status: Saved at …
            Button: Continue""",
        "too few points": """
            Status: Left: 40 of 100
            Alert: Divide the last 40 points to continue. Your entries are saved.
            Button: Continue""",
    },
    "zh": {
        "landing": """
            Heading: 哪些应当计入，权重各多大？
            我们邀请了 3 位专家为《试点》的 5 项指标确定权重，您是其中一位。
            Button: 开始
            请您做什么
            谁能看到什么
            退出研究""",
        "overview": """
            Heading: 准备好就可以开始
            Link: 开始
            Heading: 各部分
            Link: 数字
            0 / 3
            Link: 退出研究""",
        "question": """
            Heading: 在排名中，哪一项的权重应当更大？
            Group: 在排名中，哪一项的权重应当更大？
            Heading: 有线网
            2 千兆
            Choice: “有线网”权重更大
            Heading: 无线网
            Choice: “无线网”权重更大
            Choice: 两项权重相同
            Choice: 这一对我无法判断
            Button: 下一题""",
        "judged": """
            Choice, chosen: “有线网”权重更大
            Choice: “无线网”权重更大
            Group: 大多少？
            Choice, chosen: 略大 3 倍
            Choice: 明显更大 5 倍
            Choice: 大得多 7 倍
            Choice: 悬殊 9 倍
            Status: 您的回答：“有线网”的权重是“无线网”的 3 倍。
            Button: 下一题
            Status: … 已保存""",
        "without judgement": """
            Choice, chosen: 这一对我无法判断
            Button: 下一题""",
        "groups": """
            Group: 在排名中，哪一项的权重应当更大？
            Heading: 数字
            有线网
            无线网
            人工智能
            Choice: “数字”权重更大
            Heading: 公共
            水
            卫生
            Choice: “公共”权重更大
            Choice: 两项权重相同
            Button: 下一题""",
        "weights": """
            Heading: 按您的回答，权重如下
            Row: 有线网 60.0%
            Row: 无线网 20.0%""",
        "finish": """
            Heading: 还有题目未答，现在完成吗？
            Button: 完成""",
        "receipt": """
            Heading: 谢谢，您的回答已保存
            专家
            ANN
            数字：3 / 3
            您的回答的校验码""",
        "points": """
            Heading: 分配 100 分
            Button: 少 5 分：“有线网”
            Field: 有线网
            60
            Button: 多 5 分：“有线网”
            Field: 无线网
            Field: 人工智能
            Status: 100 分中还剩 40 分
            Status: … 已保存
            Button: 继续""",
        "too few points": """
            Status: 100 分中还剩 40 分
            Button: 继续""",
    },
}


def hear(page: Page, language: str, what: str) -> None:
    """Check that the page reads all expected lines aloud, in the expected order."""
    aloud = read_aloud(page)
    rest = iter(aloud)
    for line in ALOUD[language][what].split("\n")[1:]:
        said = line.strip() in rest
        assert said, f"{what}: {line.strip()!r} is not said in its place:\n" + "\n".join(aloud)


@pytest.mark.parametrize("language", ALOUD)
def test_a_trip_is_told_in_order(visit, database, language):
    words = WORDS[language]
    page = visit(f"/invitation/{arrivals.link(database)}?language={language}", language=language)
    hear(page, language, "landing")
    follow(page, "main form button")
    hear(page, language, "overview")

    press(page, words["begin"])
    hear(page, language, "question")
    choose(page, "direction", "first")
    choose(page, "strength", "3")
    saved(page, language)
    hear(page, language, "judged")
    press(page, words["next"])
    choose(page, "direction", "cannot")
    hear(page, language, "without judgement")
    press(page, words["next"])
    choose(page, "direction", "same")
    press(page, words["next"])
    hear(page, language, "weights")

    page.goto(arrivals.question(database, "digital", "civic"))
    hear(page, language, "groups")
    page.goto("/answer/finish")
    hear(page, language, "finish")
    follow(page, "main form button")
    hear(page, language, "receipt")


@pytest.mark.parametrize("language", ALOUD)
def test_points_are_told_in_order(visit, database, language):
    page = arrive(visit, database, "BO", language=language)
    press(page, WORDS[language]["begin"])
    page.locator("#points-wired").fill("60")
    saved(page, language)
    hear(page, language, "points")
    press(page, WORDS[language]["on"])
    hear(page, language, "too few points")
