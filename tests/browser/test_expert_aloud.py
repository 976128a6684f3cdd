"""An expert's trip as a screen reader tells it, in the order in which it does."""

import pytest
from playwright.sync_api import Page

from tests import arrivals, cast
from tests.browser.steps import follow
from tests.browser.test_expert import WORDS, arrive, choose, press, saved
from tests.machinery.reading_aloud import read_aloud

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


#: What must be heard on each page, in this order; other things may be said between.
ALOUD = {
    "en": {
        "landing": """
            Heading: What should count, and how much?
            You are one of 3 experts invited to weigh the 5 indicators of the Pilot.
            Button: Begin
            What is asked
            Who sees what
            To withdraw""",
        "overview": """
            Heading: Ready when you are
            Link: Begin
            Heading: The parts
            Link: Digital
            0 of 3
            Link: Withdraw""",
        "question": """
            Heading: Which should count more?
            Group: Which should count more?
            Heading: Wired network
            2 gigabit
            Choice: Wired network counts more
            Heading: Wireless network
            Choice: Wireless network counts more
            Choice: Both count the same
            Choice: I cannot judge this pair
            Button: Next""",
        "judged": """
            Choice, chosen: Wired network counts more
            Choice: Wireless network counts more
            Group: How much more?
            Choice, chosen: a little more 3 times
            Choice: clearly more 5 times
            Choice: much more 7 times
            Choice: far more 9 times
            Status: You said: Wired network counts 3 times as much as Wireless network.
            Button: Next
            Status: Saved at …""",
        "without judgement": """
            Choice, chosen: I cannot judge this pair
            Group: Why not? You need not say.
            Choice: I do not know enough about Wired network
            Choice: The two cannot be compared
            Button: Next""",
        "groups": """
            Group: Which should count more?
            Heading: Digital
            Wired network
            Wireless network
            Artificial intelligence
            Choice: Digital counts more
            Heading: Civic
            Water
            Health
            Choice: Civic counts more
            Choice: Both count the same
            Button: Next""",
        "weights": """
            Heading: These are the weights your answers give
            Digital. Long bars count more.
            Row: Wired network 60.0 %
            Row: Wireless network 20.0 %""",
        "finish": """
            Heading: Finish with questions left open?
            You may leave these out: what you did not answer is never filled in for you.
            Button: Finish""",
        "receipt": """
            Heading: Thank you: your answers are in
            Expert
            ANN
            Digital: 3 of 3
            Fingerprint of your answers""",
        "points": """
            Heading: Hand out 100 points
            Button: Five less: Wired network
            Field: Wired network
            60
            Button: Five more: Wired network
            Field: Wireless network
            Field: Artificial intelligence
            Status: Left: 40 of 100
            Status: Saved at …
            Button: Go on""",
        "too few points": """
            Status: Left: 40 of 100
            Alert: Hand out the last 40 to go on. What you have is saved.
            Button: Go on""",
    },
    "zh": {
        "landing": """
            Heading: 孰轻孰重，请您掂量
            试点有 5 项指标。我们邀请 3 位专家为它们定权重，您是其中一位。
            Button: 开始
            请您做什么
            谁能看到什么
            如何退出""",
        "overview": """
            Heading: 准备好就可以开始
            Link: 开始
            Heading: 各部分
            Link: 数字
            0 / 3
            Link: 退出研究""",
        "question": """
            Heading: 哪一项分量更重？
            Group: 哪一项分量更重？
            Heading: 有线网
            2 千兆
            Choice: 有线网更重
            Heading: 无线网
            Choice: 无线网更重
            Choice: 两项一样重
            Choice: 这一对我无法判断
            Button: 下一题""",
        "judged": """
            Choice, chosen: 有线网更重
            Choice: 无线网更重
            Group: 重多少？
            Choice, chosen: 略重 3 倍
            Choice: 明显更重 5 倍
            Choice: 重得多 7 倍
            Choice: 远远更重 9 倍
            Status: 您的判断：有线网的分量是无线网的 3 倍。
            Button: 下一题
            Status: … 已保存""",
        "without judgement": """
            Choice, chosen: 这一对我无法判断
            Button: 下一题""",
        "groups": """
            Group: 哪一项分量更重？
            Heading: 数字
            有线网
            无线网
            人工智能
            Choice: 数字更重
            Heading: 公共
            水
            卫生
            Choice: 公共更重
            Choice: 两项一样重
            Button: 下一题""",
        "weights": """
            Heading: 按您的回答，权重如下
            Row: 有线网 60.0 %
            Row: 无线网 20.0 %""",
        "finish": """
            Heading: 还有题目未答，现在完成吗？
            Button: 完成""",
        "receipt": """
            Heading: 谢谢，您的回答已收到
            专家
            ANN
            数字：3 / 3
            您的回答的指纹""",
        "points": """
            Heading: 分配 100 分
            Button: 少五分：有线网
            Field: 有线网
            60
            Button: 多五分：有线网
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
    """The page says all that is expected of it, in the order expected."""
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
