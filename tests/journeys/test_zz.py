import pytest
from tests.journeys.conftest import Arrivals
from tests.journeys.test_everybody_reads_and_reaches import FOCUS
pytestmark = pytest.mark.journey
def test_x(arrive: Arrivals) -> None:
    e = arrive("hr")
    e.open("/people/matrix/market/")
    for stop in range(1, 30):
        e.page.keyboard.press("Tab")
        f = e.page.evaluate(FOCUS)
        if not f["bare"]:
            e.page.wait_for_timeout(600); print("later", e.page.evaluate(FOCUS)["bare"])
            print(stop, f, e.page.evaluate("""() => { const b = document.activeElement.getBoundingClientRect(); const t=document.elementFromPoint(b.x+b.width/2, b.y+b.height/2); return [b.x,b.y,b.width,b.height, t && t.outerHTML.slice(0,200), scrollY, document.querySelector('.scroller').scrollLeft, document.querySelector('.scroller').getBoundingClientRect().top]}"""))
            print(e.page.locator("tbody .who").nth(1).bounding_box()); e.page.screenshot(path=f"/tmp/journeys/stop{stop}.png")
            if stop>16: break
    e.page.screenshot(path=f"/tmp/journeys/{e.screen}-matrix.png")
    e.not_looked_at.clear()
