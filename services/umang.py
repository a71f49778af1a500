"""One department's interface at UMANG, the national platform of government services.

Shape: POST …/umang/apisetu/dept/{department}api/ws1/{operation}, identity in headers and body, the operation's own
fields in an object under the operation's name; the reply is `rs` (result), `rd` (reason), `pd` (list of blocks). Read
from public clients of UMANG's eNAM interface, not tried against UMANG itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from flows.operations.deadline import Deadline
from services.configuration import UmangSettings
from services.http import Upstream
from services.upstream_shape import shaped


class _Reply(msgspec.Struct):
    rs: str
    rd: str = ""
    pd: list[dict[str, object]] = []


@dataclass(frozen=True, slots=True)
class Reply:
    """What the department said: whether it succeeded, the reason if not, and the blocks of its answer."""

    success: bool
    reason: str
    blocks: tuple[Mapping[str, object], ...]
    demo: bool


class UmangDepartment:
    """Asks the interface of one department. `key` is the `x-api-key`; `identity` comes with the access."""

    def __init__(self, upstream: Upstream, department: str, key: str, identity: UmangSettings) -> None:
        self._upstream = upstream
        self._path = f"/umang/apisetu/dept/{department}api/ws1/"
        subject = {
            "deptid": identity.department,
            "srvid": identity.service,
            "subsid": "0",
            "subsid2": "0",
            "formtrkr": "0",
        }
        bearer = {"authorization": f"Bearer {identity.bearer}"} if identity.bearer else {}
        self._headers = {"x-api-key": key, **bearer, **subject}
        self._body = {
            "tkn": identity.token,
            "usrid": identity.user,
            "mode": "web",
            "pltfrm": "apisetu",
            "did": None,
            **subject,
        }

    def write(self, operation: str, fields: Mapping[str, object], *, tracker: str, until: Deadline) -> Reply:
        """Changes something, once for each `tracker`. Raises UpstreamDown, DeadlinePassed."""
        heard = self._upstream.write(
            self._path + operation,
            until=until,
            body={**self._body, "trkr": tracker, operation: {"language": "en", **fields}},
            headers=self._headers,
        )
        reply = shaped(heard.data, _Reply)
        success = reply.rs.casefold() in ("s", "success")
        return Reply(success, reply.rd.strip().upper(), tuple(reply.pd), heard.demo)
