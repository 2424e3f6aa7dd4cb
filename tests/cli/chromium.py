"""Drives a headless Chromium over its debugging pipe: pages opened, real mouse events, pictures. Standard library only.
As a program, `chromium.py PAGE FOLDER` puts pictures of a page into a folder, wide and narrow, light and dark, and its
printed form, and says what its console said.
SPDX-License-Identifier: Apache-2.0
"""
import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"]
PATIENCE = 60  # seconds: a page that is not there then hangs


def program():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Failed(Exception):
    pass


class Chromium:
    """One browser with one page. Its words (errors, console) gather in `said`."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        read_theirs, self.to = os.pipe()
        self.back, write_theirs = os.pipe()

        def pipes():  # the browser reads from 3 and writes to 4
            first, second = os.dup(read_theirs), os.dup(write_theirs)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen([program(), *FLAGS, f"--user-data-dir={self.profile.name}", "about:blank"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=pipes)
        os.close(read_theirs)
        os.close(write_theirs)
        self.number, self.buffer, self.said, self.session = 0, b"", [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        os.close(self.to)
        os.close(self.back)
        self.profile.cleanup()

    def message(self, until):
        while b"\0" not in self.buffer:
            if not select.select([self.back], [], [], max(0, until - time.monotonic()))[0]:
                raise Failed("the browser does not answer")
            piece = os.read(self.back, 1 << 16)
            if not piece:
                raise Failed("the browser is gone")
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def note(self, message):
        what, parameters = message.get("method"), message.get("params", {})
        if what == "Runtime.exceptionThrown":
            self.said.append(json.dumps(parameters["exceptionDetails"])[:500])
        elif what == "Runtime.consoleAPICalled":
            self.said.append(f"{parameters['type']}: {json.dumps(parameters['args'])[:500]}")
        elif what == "Log.entryAdded":
            self.said.append(f"{parameters['entry']['level']}: {parameters['entry']['text'][:500]}")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            answer = self.message(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']['message']}")
                return answer.get("result", {})
            self.note(answer)

    def value(self, expression):
        """Of JavaScript, promises awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Failed(f"{expression}: {json.dumps(answer['exceptionDetails'])[:500]}")
        return answer["result"].get("value")

    def wait(self, expression):
        """Until it is true; its value then."""
        until = time.monotonic() + PATIENCE
        while not (value := self.value(expression)):
            if time.monotonic() > until:
                raise Failed(f"never true: {expression}")
            time.sleep(0.02)
        return value

    def window(self, width, height=900, scheme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, page):
        self.call("Page.navigate", url=Path(page).resolve().as_uri())
        self.wait(f"location.href.startsWith('file:') && document.readyState === 'complete' && {self.painted()}")

    @staticmethod
    def painted():
        return "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"

    def box(self, selector):
        """Where an element is in the window, scrolled there: x, y, width, height."""
        return self.value(f"""(() => {{
          const one = document.querySelector({json.dumps(selector)});
          if (!one) return null;
          one.scrollIntoView({{block: "center", behavior: "instant"}});
          const box = one.getBoundingClientRect();
          return [box.x, box.y, box.width, box.height];
        }})()""")

    def mouse(self, kind, x, y, button="left"):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=1 if button == "left" else 0, clickCount=1)

    def click(self, selector):
        x, y, width, height = self.box(selector)
        self.mouse("mousePressed", x + width / 2, y + height / 2)
        self.mouse("mouseReleased", x + width / 2, y + height / 2)

    def drag(self, start, end, steps=12):
        self.mouse("mouseMoved", *start, button="none")
        self.mouse("mousePressed", *start)
        for step in range(1, steps + 1):
            self.mouse("mouseMoved", *(a + (b - a) * step / steps for a, b in zip(start, end)))
        self.mouse("mouseReleased", *end)

    def picture(self, file):
        height = self.value("document.documentElement.scrollHeight")
        width = self.value("innerWidth")
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        Path(file).write_bytes(base64.b64decode(shot["data"]))

    def printed(self, file):
        paper = self.call("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)
        Path(file).write_bytes(base64.b64decode(paper["data"]))


def main(page, folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Chromium() as browser:
        for width in (1280, 400):
            for scheme in ("light", "dark"):
                browser.window(width, scheme=scheme)
                browser.open(page)
                browser.picture(Path(folder) / f"{width}-{scheme}.png")
        browser.window(1280)
        browser.open(page)
        browser.printed(Path(folder) / "printed.pdf")
        print("\n".join(browser.said) or "the console said nothing")
        return 1 if browser.said else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
