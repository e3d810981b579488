"""browser.py - a headless Chromium, driven through chromedriver by the WebDriver protocol (W3C), using only the standard library. Opens
files from disk only; the network is off."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"]


def missing():
    """What is not there, or None."""
    for name in ("chromedriver", "chromium"):
        if shutil.which(name) is None:
            return name
    return None


class Browser:
    def __init__(self, width=1280, height=900, touch=False):
        self.folder = tempfile.mkdtemp(prefix="longhaul-browser.")
        self.log = open(os.path.join(self.folder, "log"), "w+")
        # port 0: chromedriver takes a free one and says which
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=self.log, stderr=subprocess.STDOUT)
        self.session = None
        try:
            self.base = "http://127.0.0.1:%d" % self._port()
            options = {"args": FLAGS + ["--user-data-dir=" + os.path.join(self.folder, "profile"), "--window-size=%d,%d" % (width, height)],
                       "binary": shutil.which("chromium")}
            if touch:
                options["mobileEmulation"] = {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 1.0, "touch": True}}
            self.session = "/session/" + self._begin(options)["sessionId"]
        except Exception:
            self.close()
            raise

    def _port(self):
        for _ in range(600):
            with open(self.log.name) as log:
                for line in log:
                    if "started successfully on port" in line:
                        return int(line.rsplit("port", 1)[1].strip(" .\n"))
            time.sleep(0.1)
        raise RuntimeError("chromedriver did not start")

    def _begin(self, options):
        """A browser that does not come up in chromedriver's time on a busy machine is tried again."""
        wanted = {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options}
        for tries in range(3):
            try:
                return self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}}, timeout=120)
            except RuntimeError as error:
                if tries == 2 or "session not created" not in str(error):
                    raise

    def _call(self, method, path, body=None, timeout=90):
        request = urllib.request.Request(self.base + path, method=method, data=json.dumps(body or {}).encode() if method == "POST" else None,
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def close(self):
        try:
            if self.session:
                self._call("DELETE", self.session)
        except Exception:
            pass
        self.driver.terminate()
        self.driver.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def open(self, path):
        self._call("POST", self.session + "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *args):
        return self._call("POST", self.session + "/execute/sync", {"script": script, "args": list(args)})

    def wait(self, script, *args, seconds=30):
        """Until the script returns something true; that, or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(script, *args)
            if value:
                return value
            time.sleep(0.1)
        return None

    def settle(self, seconds):
        """So long, and until what waits for its turn in the page has been done and drawn."""
        time.sleep(seconds)
        self._call("POST", self.session + "/execute/async", {"args": [], "script":
                   "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))"})

    def cdp(self, command, **params):
        return self._call("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": params})

    def errors(self):
        """What the console said since the last time, but for debugging; and but for a count of dygraphs' (from 2.2.1 on): in a window of a
        series with gaps it takes points up to the next value on either side, and says how many of them are not seen."""
        said = [e["message"] for e in self._call("POST", self.session + "/se/log", {"type": "browser"}) if e["level"] in ("SEVERE", "WARNING")]
        return [message for message in said if not re.search(r'"\d+ points out of X bounds:[\d. -]+"$', message)]

    def actions(self, *sources):
        self._call("POST", self.session + "/actions", {"actions": list(sources)})
        self._call("DELETE", self.session + "/actions")

    def mouse(self, *steps):
        """Steps: (x, y) moves to, "down", "up"."""
        does = [{"type": "pointerMove", "x": round(s[0]), "y": round(s[1]), "duration": 20} if isinstance(s, tuple)
                else {"type": "pointer" + s.capitalize(), "button": 0} for s in steps]
        self.actions({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": does})

    def keys(self, *keys):
        does = [step for key in keys for step in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]
        self.actions({"type": "key", "id": "keyboard", "actions": does})

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, media="", **features):
        self.cdp("Emulation.setEmulatedMedia", media=media, features=[{"name": k.replace("_", "-"), "value": v} for k, v in features.items()])

    def shot(self, path, whole=False):
        """PNG of what is seen, or of the whole page."""
        size = self.cdp("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}} if whole else {}
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)["data"]))
