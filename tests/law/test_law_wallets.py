"""Published example addresses, addresses built here by another route, and one-character mutations."""

from __future__ import annotations

from hashlib import blake2b, sha256

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from esep.law import assets, wallets
from esep.law.wallets import WalletState as State

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

PUBLISHED = [
    ("BTC", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ("BTC", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
    ("BTC", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),  # BIP-173
    ("BTC", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),
    ("BTC", "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3"),
    ("BTC", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),  # BIP-350
    ("BTC", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y"),
    ("BTC", "BC1SW50QGDZ25J"),
    ("LTC", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"),
    ("LTC", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"),
    ("LTC", "M8T1B2Z97gVdvmfkQcAtYbEepune1tzGua"),
    ("DOGE", "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"),
    ("DASH", "XpESxaUmonkq8RaLLp46Brx2K39ggQe226"),
    ("BCH", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
    ("BCH", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
    ("BCH", "BITCOINCASH:QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A"),
    ("BCH", "ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq"),
    ("BCH", "bitcoincash:qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2"),
    ("BCH", "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu"),
    ("ZEC", "t1VpYecBW4UudbGcy4ufh61eWxQCoFaUrPs"),
    ("ZEC", "t3Vz22vK5z2LcKEdg16Yv4FFneEL1zg9ojd"),
    ("ZEN", "znc3p7CFNTsz1s6CceskrTxKevQLPoDK4cK"),
    ("TRX", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    ("ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),  # EIP-55
    ("ETH", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
    ("ETC", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"),
    ("ETC", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"),
    (
        "XMR",
        "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
    ),
    (
        "XMR",
        "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H",
    ),
    (
        "XMR",
        "4LL9oSLmtpccfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2bYXZKKQePHES9khPK",
    ),
    ("SC", "0" * 64 + "89eb0d6a8a69"),
]


@pytest.mark.parametrize(("ticker", "address"), PUBLISHED)
def test_published_addresses_hold(ticker: str, address: str) -> None:
    assert wallets.state_of(ticker, address) is State.OK


@pytest.mark.parametrize(
    ("ticker", "address"),
    [
        ("ETC", "0xd1220a0cf47c7b9be7a2e6ba89f429762e7b9adb"),
        ("ETH", "0x52908400098527886E0F7030069857D2E4169EE7"),
        ("ZEC", "zs1" + "z" * 75),
        ("ZEC", "u1" + "q" * 139),
    ],
)
def test_addresses_without_a_checksum_to_look_at(ticker: str, address: str) -> None:
    assert wallets.state_of(ticker, address) is State.SHAPE_ONLY


@pytest.mark.parametrize(
    ("ticker", "address", "state"),
    [
        ("DOGE", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", State.WRONG_FORM),  # Bitcoin's
        ("BTC", "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", State.WRONG_FORM),
        ("BTC", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", State.WRONG_FORM),
        ("BTC", "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", State.WRONG_FORM),  # mixed case
        ("BTC", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", State.WRONG_CHECKSUM),
        (
            "BTC",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            State.WRONG_CHECKSUM,
        ),  # Bech32 for v1
        ("BTC", "bc1qr508d6qejxtdg4y5r3zarvaryv98gj9p", State.WRONG_FORM),  # 16 bytes in version 0
        ("BTC", "bc1", State.WRONG_FORM),
        ("BTC", "bc1gmk9yu", State.WRONG_FORM),
        ("BTC", "", State.WRONG_FORM),
        ("BTC", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0", State.WRONG_FORM),  # 0 is no Base58 letter
        ("BTC", "1A1zP1eP5QGefi2DMPTfTL5SLmv7Div", State.WRONG_FORM),
        ("BTC", "11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", State.WRONG_FORM),
        ("BTC", " 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", State.WRONG_FORM),
        ("BTC", "x" * 5000, State.WRONG_FORM),
        ("BCH", "bchtest:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", State.WRONG_FORM),
        ("ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", State.WRONG_CHECKSUM),
        ("ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", State.WRONG_FORM),
        ("ETH", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", State.WRONG_FORM),
        (
            "XMR",
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3",
            State.WRONG_FORM,
        ),
        ("XMR", "z" * 95, State.WRONG_FORM),
        ("SC", "0" * 64 + "89eb0d6a8a60", State.WRONG_CHECKSUM),
        ("SC", "0" * 75, State.WRONG_FORM),
        ("KZTE", "anything", State.NOT_CHECKED),
    ],
)
def test_faults(ticker: str, address: str, state: State) -> None:
    assert wallets.state_of(ticker, address) is state


def test_every_listed_asset_is_checked() -> None:
    assert all(wallets.state_of(asset.ticker, "?") is State.WRONG_FORM for asset in assets.assets())


def base58check(raw: bytes) -> str:
    raw += sha256(sha256(raw).digest()).digest()[:4]
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, value = divmod(number, 58)
        text = BASE58[value] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


VERSIONS = {
    "BTC": ("00", "05"),
    "LTC": ("30", "32", "05"),
    "DOGE": ("1e", "16"),
    "DASH": ("4c", "10"),
    "BCH": ("00", "05"),
    "ZEC": ("1cb8", "1cbd"),
    "ZEN": ("2089", "2096"),
    "TRX": ("41",),
}
versions = st.sampled_from([(ticker, bytes.fromhex(v)) for ticker, many in VERSIONS.items() for v in many])


@given(versions, st.binary(min_size=20, max_size=20))
def test_base58check_addresses_built_here_hold(version: tuple[str, bytes], body: bytes) -> None:
    ticker, prefix = version
    assert wallets.state_of(ticker, base58check(prefix + body)) is State.OK


@given(versions, st.binary(min_size=20, max_size=20), st.integers(0, 33), st.sampled_from(BASE58))
def test_a_changed_base58check_address_is_never_ok(
    version: tuple[str, bytes], body: bytes, place: int, character: str
) -> None:
    address = base58check(version[1] + body)
    changed = address[:place] + character + address[place + 1 :]
    assume(changed != address and place < len(address))
    assert wallets.state_of(version[0], changed) in (State.WRONG_CHECKSUM, State.WRONG_FORM)


@pytest.mark.parametrize("version", ["6f", "c4", "80", "1c"])
def test_a_sound_address_of_another_network_has_the_wrong_form(version: str) -> None:
    address = base58check(bytes.fromhex(version) + bytes(range(20)))
    assert all(wallets.state_of(ticker, address) is State.WRONG_FORM for ticker in VERSIONS)


def segwit(prefix: str, version: int, program: bytes) -> str:
    """BIP-173 and BIP-350 written out bit by bit."""

    def polymod(values: list[int]) -> int:
        state = 1
        for value in values:
            top = state >> 25
            state = (state & 0x1FFFFFF) << 5 ^ value
            for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                state ^= generator if top >> bit & 1 else 0
        return state

    bits = "".join(f"{byte:08b}" for byte in program)
    bits += "0" * (-len(bits) % 5)
    data = [version, *(int(bits[start : start + 5], 2) for start in range(0, len(bits), 5))]
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    checksum = polymod([*head, *data, *[0] * 6]) ^ (1 if version == 0 else 0x2BC830A3)
    data += [checksum >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(BECH32[value] for value in data)


witnesses = st.one_of(
    st.tuples(st.just(0), st.binary(min_size=20, max_size=20) | st.binary(min_size=32, max_size=32)),
    st.tuples(st.integers(1, 16), st.binary(min_size=2, max_size=40)),
)
networks = st.sampled_from([("BTC", "bc"), ("LTC", "ltc")])


@given(networks, witnesses)
def test_segwit_addresses_built_here_hold(network: tuple[str, str], witness: tuple[int, bytes]) -> None:
    ticker, prefix = network
    address = segwit(prefix, *witness)
    assert wallets.state_of(ticker, address) is State.OK
    assert wallets.state_of(ticker, address.upper()) is State.OK


@settings(max_examples=300)
@given(networks, witnesses, st.integers(0, 80), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_segwit_address_is_never_ok(
    network: tuple[str, str], witness: tuple[int, bytes], place: int, character: str
) -> None:
    address = segwit(network[1], *witness)
    changed = address[:place] + character + address[place + 1 :]
    assume(changed != address and place < len(address))
    assert wallets.state_of(network[0], changed) not in (State.OK, State.SHAPE_ONLY)


LONG_ENOUGH = [(ticker, address) for ticker, address in PUBLISHED if ticker in ("XMR", "BCH", "ETH", "ETC", "SC")]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LONG_ENOUGH), st.integers(0, 110), st.sampled_from(BASE58 + "0"))
def test_a_changed_published_address_is_never_ok(vector: tuple[str, str], place: int, character: str) -> None:
    ticker, address = vector
    changed = address[:place] + character + address[place + 1 :]
    assume(place < len(address) and changed != address)
    # Figures and letters of hexadecimal SC addresses may be written large or small.
    assume(ticker != "SC" or changed.lower() != address.lower())
    assert wallets.state_of(ticker, changed) is not State.OK


@given(st.binary(min_size=32, max_size=32))
def test_sia_addresses_built_here_hold(body: bytes) -> None:
    address = (body + blake2b(body, digest_size=32).digest()[:6]).hex()
    assert wallets.state_of("SC", address) is State.OK


def test_many_at_once_give_what_each_gives_alone() -> None:
    for ticker in {ticker for ticker, _ in PUBLISHED}:
        addresses = [address for _, address in PUBLISHED] + ["", "?", "0x" + "a" * 40]
        assert wallets.states_of(ticker, addresses) == [wallets.state_of(ticker, address) for address in addresses]


@settings(deadline=None)
@given(st.sampled_from([asset.ticker for asset in assets.assets()]), st.text())
def test_any_text_has_a_state(ticker: str, text: str) -> None:
    assert wallets.state_of(ticker, text) in set(State) - {State.NOT_CHECKED}


def test_no_witness_has_a_version_above_sixteen() -> None:
    states = [wallets.state_of("BTC", segwit("bc", version, bytes(20))) for version in (16, 17)]
    assert states == [State.OK, State.WRONG_FORM]


@pytest.mark.parametrize("number", [2**64 - 1, 2**64, 58**11 - 1])
def test_a_block_of_a_monero_address_beyond_eight_bytes_is_of_a_wrong_form(number: int) -> None:
    block = "".join(BASE58[number // 58**place % 58] for place in reversed(range(11)))
    state = State.WRONG_FORM if number >= 2**64 else State.WRONG_CHECKSUM
    assert wallets.state_of("XMR", "44AFFq5kSiG" + block * 7 + "1" * 7) is state
