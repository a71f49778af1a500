"""Every sentence of all flows, in the order in which a reader meets them: what a translator must translate."""

from collections.abc import Iterator

from flows.engine.model import Ask, Flow, Flows, Menu, Query, Tell, Wording


def all_wordings(flows: Flows) -> Iterator[Wording]:
    """The common sentences, the terms, then flow by flow, block by block."""
    yield from flows.common.values()
    for members in flows.terms.values():
        yield from members.values()
    for flow in flows.by_name.values():
        yield from flow_wordings(flow)


def flow_wordings(flow: Flow) -> Iterator[Wording]:
    """The sentences of one flow."""
    yield flow.title
    if flow.purpose is not None:
        yield flow.purpose
    for block in flow.blocks.values():
        match block:
            case Menu():
                yield from _menu(block)
            case Ask():
                yield block.prompt
                if block.retry is not None:
                    yield block.retry
            case Tell():
                yield block.prompt
                if block.sms_wording is not None:
                    yield block.sms_wording
            case Query(confirm=confirm) if confirm is not None:
                yield confirm
            case _:
                pass


def _menu(menu: Menu) -> Iterator[Wording]:
    yield menu.prompt
    for choice in menu.choices:
        yield choice.label
    listing = menu.listing
    if listing is not None and listing.block != "languages":
        yield listing.label
        if listing.group_menu is not None:
            yield listing.group_menu


def spoken(wording: Wording) -> tuple[str, str]:
    """The English voice form as (one, other); `one` is "" where there is no count."""
    return (wording.one_say or wording.one, wording.say or wording.text)
