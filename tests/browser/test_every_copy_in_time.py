"""Whatever copy a browser plays, each second of it is that second of the recording."""

import pytest
from playwright.sync_api import Page

from tests.browser.earmark import SECONDS, Earmark

# The clicks of `earmark.upload` begin on the second; each is loudest at its first sample.
CLICKS = """async (address) => {
    const answer = await fetch(address);
    const decoded = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await answer.arrayBuffer());
    const samples = decoded.getChannelData(0);
    const loudest = (from, until) => {
        let at = from;
        for (let i = from; i < until; i++) if (Math.abs(samples[i]) > Math.abs(samples[at])) at = i;
        return at / decoded.sampleRate;
    };
    const clicks = [];
    for (let second = 1; second < 24; second++) clicks.push(loudest((second - 0.5) * 48000, (second + 0.5) * 48000));
    return { clicks, seconds: decoded.duration };
}"""


@pytest.mark.parametrize("copy", ["original", "opus", "small"])
def test_a_browser_hears_each_click_on_its_second(earmark: Earmark, page: Page, copy: str) -> None:
    earmark.artist(page)
    heard = page.evaluate(CLICKS, f"/api/versions/{earmark.versions[0]['id']}/audio?as={copy}")

    assert heard["clicks"] == pytest.approx(list(range(1, 24)), abs=0.001)
    assert heard["seconds"] == pytest.approx(SECONDS, abs=0.001)
