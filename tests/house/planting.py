"""Plants canaries through the real doors: whole dialogues, nonsense, strangers, and what no wire allows."""

from collections.abc import Callable, Mapping

from tests.house.canaries import canaries

PLANTED = canaries()
POST = Callable[[str, Mapping[str, str]], str]
"""Sends a webhook (address, fields; as JSON when a field `json` is there) and gives what came back."""


class Caller:
    """Somebody with a phone, on Africa's Talking's wire. `post` sends a webhook and gives what came back."""

    def __init__(self, post: POST, number: str) -> None:
        self.post, self.number, self.session, self.typed = post, f"+91{number}", 0, ""
        self.told = ""

    def dial(self, code: str = "") -> "Caller":
        self.session, self.typed = self.session + 1, code
        return self._send()

    def type(self, *texts: str) -> "Caller":
        for text in texts:
            self.typed = f"{self.typed}*{text}" if self.typed else text
            self._send()
        return self

    def _send(self) -> "Caller":
        fields = {"sessionId": f"s{self.session}", "phoneNumber": self.number, "serviceCode": "*123#"}
        self.told = self.post("/ussd/africastalking?token=local", {**fields, "text": self.typed})
        return self

    def book(self, pin: str, lpg_id: str) -> "Caller":
        """Choose English, then book a refill: consent, a new PIN, the LPG ID, and yes."""
        return self.dial().type("2").dial("37").type("1", pin, pin, lpg_id, "1")


def plant(post: POST, callers: int) -> int:
    """Plant the first so many numbers, and what belongs to them; gives how many refills were asked for."""
    asked = 0
    p = PLANTED
    for place, number in enumerate(p.numbers[:callers]):
        caller = Caller(post, number)
        word, other = p.words[place % len(p.words)], p.others[place % len(p.others)]
        pin, lpg_id = p.pins[place % len(p.pins)], p.lpg_ids[place % len(p.lpg_ids)]
        match place % 16:
            case 0 | 8:
                caller.book(pin, lpg_id)
                asked += "17-digit" not in caller.told and "PIN" not in caller.told
            case 1 | 9:
                caller.dial().type("2", "1", other, word, pin)  # nothing that fits
            case 2 | 10:
                caller.dial(f"29*{word}").type(word, other).dial(f"13*{pin}")
            case 3:
                caller.book(pin, lpg_id).dial("37").type(p.pins[-1 - place % 50], p.pins[-2 - place % 50])
            case 4 | 11 | 12:
                post("/ussd/africastalking?token=wrong", {"phoneNumber": f"+91{number}", "text": other})
                post("/ussd/comviva?token=local", {"MSISDN": f"91{number}", "input": word})
                post("/ussd/africastalking?token=local", {"phoneNumber": f"91{number}{other}", "text": word})
                post(f"/ussd/{word}?token=local&MSISDN={number}", {"text": lpg_id})
            case 5 | 13:
                post("/ussd/arkesel?token=local", {"msisdn": number, "userData": other, word: lpg_id})
                post("/ussd/africastalking?token=local", {"status": "Incomplete", "phoneNumber": f"+91{number}"})
            case _:
                ref = f"in-{place}"
                for text in (f"MANDI {pin} {word}", f"{word} {lpg_id} {other}", "STOP"):
                    sent = {"ref": f"{ref}-{text[:4]}", "from": f"+91{number}", "text": text}
                    post("/sms/sandbox/incoming?token=local", {"json": "1", **sent})
                post("/sms/sandbox/incoming?token=wrong", {"json": "1", "ref": ref, "from": number, "text": word})
    return asked
